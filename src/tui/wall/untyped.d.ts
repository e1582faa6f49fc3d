// Owns the types of the two parts of blessed and blessed-contrib that come without any.

declare module 'blessed/lib/unicode.js' {
  const unicode: {
    /** Cells of the first character, as blessed counts them. */
    charWidth(character: string): number;
  };
  export default unicode;
}

declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type { Widgets } from 'blessed-contrib';

  const line: (options: Widgets.LineOptions) => Widgets.LineElement;
  export default line;
}
