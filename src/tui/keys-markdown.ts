// Owns docs/keys.md: the table of keys as a page. `node src/tui/keys-markdown.ts` prints it.
import { bindingsIn, places, placeTitles } from './keymap.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The whole page. */
export const keysMarkdown = (): string => {
  const sections = places.map((where) => {
    const rows = bindingsIn(where).map(({ keys, title, consequence, dangerous }) => {
      const written = keys.map((key) => `\`${key}\``).join(' ');
      return `| ${cell(written)} | ${cell(title)} | ${cell(consequence)} | ${dangerous ? 'yes' : ''} |`;
    });
    return [
      `## ${placeTitles[where]}`,
      '',
      '| key | does | consequence | dangerous |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const intro = [
    '# Keys',
    '',
    'Generated from `src/tui/keymap.ts`. `?` shows the same in the room, with the reason why a key is not possible now.',
    'Nothing dangerous happens on Enter, on a paste, or on several characters that arrive at once.',
  ].join('\n');
  return `${[intro, ...sections].join('\n\n')}\n`;
};

if (import.meta.main) process.stdout.write(keysMarkdown());
