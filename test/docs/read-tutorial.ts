/**
 * The tutorial as a list of things to do and to look for, in the order of the text:
 * - bullets: "Open <address>", "Press **label**", "Choose **label**", "Write `text` into **label**" (several in a row),
 *   and "You see “text”", "You do not see “text”" with one text or more
 * - blocks: `sh` are commands, the `text` block below them is what they print, with … for what differs from run to run;
 *   `diff` are changes to a file
 */
export type Line = { at: number } & (
  | { kind: 'open'; address: string }
  | { kind: 'press'; label: string }
  | { kind: 'choose'; label: string }
  | { kind: 'write'; label: string; text: string }
  | { kind: 'see'; text: string; isThere: boolean }
  | { kind: 'run'; commands: string[]; prints: string | undefined }
  | { kind: 'change'; file: string; from: string; to: string }
);

/** @throws Error for a bullet or a block that says nothing of this kind, so that none goes unchecked */
export function readTutorial(markdown: string): Line[] {
  const lines: Line[] = [];
  const pieces = /^```(\w*)\n(.*?)^```$|^- (.*?)(?=\n(?:- |\n|```)|$(?![\s\S]))/gms;
  for (const piece of markdown.matchAll(pieces)) {
    const [, language, block, bullet] = piece;
    const at = markdown.slice(0, piece.index).split('\n').length;
    const found = bullet === undefined ? readBlock(language, block, lines) : readBullet(bullet);
    if (!found) throw new Error(`Line ${at} of the tutorial cannot be checked: ${piece[0]}`);
    lines.push(...found.map((line) => ({ ...line, at })));
  }
  return lines;
}

type Found = Line extends infer One ? (One extends Line ? Omit<One, 'at'> : never) : never;

function readBullet(bullet: string): Found[] | undefined {
  const text = bullet.replace(/\s+/g, ' ');
  const looked = /^You (do not )?see\b/.exec(text);
  if (looked) {
    const texts = [...text.matchAll(/“([^”]+)”/g)].map(([, quoted]) => String(quoted));
    const isThere = looked[1] === undefined;
    return texts.length > 0 ? texts.map((text) => ({ kind: 'see', text, isThere })) : undefined;
  }
  const found: Found[] = [];
  const deeds =
    /\b(open) <([^>]+)>|\b(press|choose|tick) \*\*([^*]+)\*\*|then \*\*([^*]+)\*\*|\b(write) `([^`]*)` into \*\*([^*]+)\*\*/gi;
  for (const [, open, address, pick, label, then, write, value, field] of text.matchAll(deeds)) {
    if (open) found.push({ kind: 'open', address: `${address}` });
    else if (write) found.push({ kind: 'write', label: `${field}`, text: `${value}` });
    else if (/press/i.test(pick ?? 'press'))
      found.push({ kind: 'press', label: `${label ?? then}` });
    else found.push({ kind: 'choose', label: `${label}` });
  }
  // Whatever is set off in a bullet is to be done: nothing may be passed over.
  const named = text.match(/\*\*[^*]+\*\*|<[^>]+>/g) ?? [];
  return found.length > 0 && found.length === named.length ? found : undefined;
}

function readBlock(
  language: string | undefined,
  block = '',
  before: readonly Line[],
): Found[] | undefined {
  if (language === 'sh') {
    const commands = block.trim().replaceAll('\\\n', ' ').split('\n');
    return [{ kind: 'run', commands, prints: undefined }];
  }
  if (language === 'text') {
    const last = before.at(-1);
    if (last?.kind !== 'run') return undefined;
    last.prints = block.trim();
    return [];
  }
  if (language === 'diff') return readChanges(block);
  return undefined;
}

/** A part under each `@@`, of lines that are there, `-` lines that go and `+` lines that come. */
function readChanges(block: string): Found[] | undefined {
  const [head = '', ...parts] = block.split(/^@@.*\n/m);
  const [, file] = /^\+\+\+ (\S+)$/m.exec(head) ?? [];
  if (file === undefined || parts.length === 0) return undefined;
  return parts.map((part) => {
    const lines = part.trimEnd().split('\n');
    const without = (sign: string) =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => line.slice(1))
        .join('\n');
    return { kind: 'change', file, from: without('+'), to: without('-') };
  });
}
