// Owns the limit of the cold start: Ink with one word.
import { render, Text } from 'ink';

render(<Text>hello</Text>);
// Stays, as a screen would, until it is killed.
setInterval(() => undefined, 60_000);
