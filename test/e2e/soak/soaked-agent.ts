// Owns starting the agent of a soak, asking what it holds, and ending it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromSoakAgent, Holding } from './soak-agent.ts';

export interface SoakedAgent {
  readonly url: string;
  /** The bugs of ours that it met, oldest first. */
  readonly faults: readonly string[];
  holding(): Promise<Holding>;
  end(): Promise<void>;
}

export interface SoakedPlace {
  readonly configDirectory: string;
  readonly stateDirectory: string;
  readonly speed: number;
}

const PROGRAM = fileURLToPath(new URL('soak-agent.ts', import.meta.url));

export const startSoakedAgent = async ({
  configDirectory,
  stateDirectory,
  speed,
}: SoakedPlace): Promise<SoakedAgent> => {
  const child = fork(PROGRAM, [configDirectory, stateDirectory, String(speed)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const faults: string[] = [];
  const hears = <Type extends FromSoakAgent['type']>(type: Type): Promise<Extract<FromSoakAgent, { type: Type }>> =>
    new Promise((resolve, reject) => {
      const hear = (message: FromSoakAgent): void => {
        if (message.type !== type) return;
        child.off('message', hear);
        child.off('exit', gone);
        resolve(message as Extract<FromSoakAgent, { type: Type }>);
      };
      const gone = (code: number | null): void => reject(new Error(`the agent ended with ${code}`));
      child.on('message', hear);
      child.once('exit', gone);
    });
  child.on('message', (message: FromSoakAgent) => {
    if (message.type === 'fault') faults.push(message.text);
  });
  const { url } = await hears('listening');
  return {
    url,
    faults,
    holding: async () => {
      const held = hears('holding');
      child.send('what do you hold');
      return (await held).holding;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};
