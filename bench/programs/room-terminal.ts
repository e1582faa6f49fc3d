// Owns a real room in a real terminal, for benchmarks: the product's connection and screen, without its command line.
import { connectRoom } from '../../src/client/connect.ts';
import { runTui } from '../../src/tui/main.tsx';

const [url, token] = process.argv.slice(2);
if (url === undefined || token === undefined) throw new Error('usage: room-terminal URL TOKEN');
const client = connectRoom({ address: () => ({ url, token }), name: 'ana' });
await runTui({ client, stdin: process.stdin, stdout: process.stdout });
client.close();
process.exit(0);
