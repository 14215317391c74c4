/**
 * A terminal's screen as an SVG: text with the colours of ANSI codes, each character in a cell of its own.
 */
import { type Markup, markup } from '../../src/web/markup.ts';

const cell = { width: 8.4, height: 18 };
const margin = 16;
/** A browser joins other blanks into one. */
const noBreakSpace = '\u00a0';
const bar = 30;

const colours: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  36: '#76e3ea',
};

interface Piece {
  readonly text: string;
  readonly codes: ReadonlySet<string>;
}

/** The picture of these lines, which may have codes for bold, dim and the colours above; `title` names what was typed. */
export function drawScreen(lines: readonly string[], columns: number, title: string): string {
  const width = columns * cell.width + 2 * margin;
  const height = bar + lines.length * cell.height + 2 * margin;
  let codes: ReadonlySet<string> = new Set();
  const rows = lines.map((line, row) => {
    const pieces = piecesOf(line, codes);
    codes = pieces.at(-1)?.codes ?? codes;
    return drawLine(pieces, bar + margin + (row + 0.75) * cell.height);
  });
  const lights = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => markup`<circle cx="${18 + 18 * index}" cy="16" r="5.5" fill="${fill}"/>`,
  );
  const size = [width, height].map(round);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}" role="img">
<title>${title}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${lights}
<g font-family="${fonts}" font-size="14" fill="#e6edf3">
${rows}</g>
</svg>
`.markup;
}

const fonts = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

function drawLine(pieces: readonly Piece[], y: number): Markup | undefined {
  let column = 0;
  const texts: Markup[] = [];
  for (const { text, codes } of pieces) {
    const length = [...text].length;
    const [x, fit] = [margin + column * cell.width, length * cell.width].map(round);
    const { fill, weight, opacity } = styleOf(codes);
    if (text.trim() !== '') {
      texts.push(
        markup`<text x="${x}" y="${round(y)}" textLength="${fit}" lengthAdjust="spacingAndGlyphs" fill="${fill}" font-weight="${weight}" opacity="${opacity}">${text.replaceAll(' ', noBreakSpace)}</text>\n`,
      );
    }
    column += length;
  }
  return texts.length === 0 ? undefined : markup`${texts}`;
}

/** The codes in force at the end of a line carry over to the next: the last piece has them, though it may be empty. */
function piecesOf(line: string, before: ReadonlySet<string>): Piece[] {
  let codes = before;
  const pieces: Piece[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of a terminal begin with one.
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const [, code] = /\[([0-9;]*)m$/.exec(part.startsWith('\u001b') ? part : '') ?? [];
    if (code !== undefined) codes = after(codes, code);
    else pieces.push({ text: part, codes });
  }
  return pieces;
}

function after(codes: ReadonlySet<string>, code: string): Set<string> {
  if (code === '' || code === '0') return new Set();
  const ended = { '22': ['1', '2'], '39': Object.keys(colours) }[code] ?? [];
  const left = [...codes].filter((each) => !ended.includes(each));
  return new Set(ended.length > 0 ? left : [...left, code]);
}

function styleOf(codes: ReadonlySet<string>) {
  const fill = [...codes].map((code) => colours[code]).find((colour) => colour !== undefined);
  return {
    fill: fill ?? '#e6edf3',
    weight: codes.has('1') ? 'bold' : 'normal',
    opacity: codes.has('2') ? 0.6 : 1,
  };
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
