// Owns what a benchmark takes of a terminal to run it inside itself: bundled, each copy has its own memory, as each process has.
export { glyphsFor } from '../../src/tui/glyphs.ts';
export { runTui } from '../../src/tui/main.tsx';
export { createSession } from '../../src/tui/session.ts';
export { themeNamed } from '../../src/tui/theme.ts';
