// Owns a room client in a process of its own, for benchmarks: it follows everything and draws nothing.
import { connectRoom } from '../../src/client/connect.ts';

const [url, token] = process.argv.slice(2);
if (url === undefined || token === undefined) throw new Error('usage: room-process.ts URL TOKEN');
const client = connectRoom({ address: () => ({ url, token }), name: 'ana' });
const stop = client.subscribe(() => {
  if (client.view().connection.name !== 'live') return;
  stop();
  process.stdout.write('{}\n');
});
process.stdin.resume().on('end', () => process.exit(0));
