// Owns the one Ink component: a column of painted rows, and the way of keys into the session.
import { Box, Text, useInput, usePaste, useWindowSize } from 'ink';
import { memo, useEffect, useSyncExternalStore } from 'react';
import { keyFrom } from './keys.ts';
import type { Session } from './session.ts';

interface ScreenProps {
  readonly session: Session;
}

// An empty text has no height in Ink: a blank row is one space.
const PaintedRow = memo(({ text }: { readonly text: string }) => (
  <Text wrap="truncate">{text === '' ? ' ' : text}</Text>
));

export const Screen = ({ session }: ScreenProps) => {
  const rows = useSyncExternalStore(session.subscribe, session.rows);
  const { columns, rows: height } = useWindowSize();
  useEffect(() => session.resize({ columns, rows: height }), [session, columns, height]);
  useInput((input, inkKey) => {
    const key = keyFrom(input, inkKey);
    if (key !== null) session.press(key);
  });
  usePaste((text) => session.press({ name: 'paste', text }));
  return (
    <Box flexDirection="column" width={columns} height={height}>
      {rows.slice(0, height).map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <PaintedRow key={index} text={text} />
      ))}
    </Box>
  );
};
