// Owns an agent that watches nothing: a room in which nothing moves unless somebody moves it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Background, Finished, Scene } from './scene.ts';

const servicesYaml = `
defaults:
  environment: { name: staging, production: false }
services:
  checkout: { core: true }
`;

/** Writes a configuration directory into the scene; returns its path. */
export const configure = async (scene: Scene, services: string = servicesYaml): Promise<string> => {
  const directory = join(scene.directory, 'config');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'services.yaml'), services);
  return directory;
};

const argsOn = (config: string): readonly string[] => ['agent', '--config', config, '--port', '0'];

export const startQuietAgent = async (scene: Scene): Promise<Background> =>
  scene.start(argsOn(await configure(scene)), 'listening on');

/** An agent that is expected not to start. */
export const runAgentToItsEnd = async (scene: Scene, services?: string): Promise<Finished> =>
  scene.run(argsOn(await configure(scene, services)));

export const declare = async (scene: Scene, title: string): Promise<Finished> =>
  scene.run(['declare', '--service', 'checkout', '--severity', 'sev2', '--title', title], 'dora');
