// Owns the limit of a key press: Ink with a window full of plain rows. The key `o` changes one row, `a` changes all of them.
import { Box, render, Text, useInput, useWindowSize } from 'ink';
import { memo, useState } from 'react';

const ONE = 10;
/** In turn, so that with `a` no row keeps its words. */
const FILLERS = ['plain text ', 'other words '] as const;

const PlainRow = memo(({ text }: { readonly text: string }) => <Text wrap="truncate">{text}</Text>);

const Rows = () => {
  const { columns, rows } = useWindowSize();
  const [count, setCount] = useState({ one: 0, all: 0 });
  useInput((input) => {
    if (input === 'o') setCount(({ one, all }) => ({ one: one + 1, all }));
    if (input === 'a') setCount(({ one, all }) => ({ one, all: all + 1 }));
  });
  const textOf = (row: number): string =>
    `row ${row} all ${count.all} one ${row === ONE ? count.one : 0} `.padEnd(columns - 1, FILLERS[count.all % 2]);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <PlainRow key={row} text={textOf(row)} />
      ))}
    </Box>
  );
};

render(<Rows />, { alternateScreen: true, incrementalRendering: true, interactive: true, maxFps: 60 });
