/** Reads CSV as RFC 4180 has it: each line as a list of its fields. Throws where the text is not of that form. */
export function csvFields(text: string): string[][] {
  const lines: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let line: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const [, quoted, plain, end] = field.exec(text) ?? [];
    if (end === undefined) throw new Error(`No CSV: ${JSON.stringify(text.slice(at, at + 80))}`);
    line.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
  return lines;
}

/** Each line under the names of the first one. */
export function csvRows(text: string): Record<string, string>[] {
  const [names = [], ...lines] = csvFields(text);
  return lines.map((fields) => {
    if (fields.length !== names.length) throw new Error(`${fields.length} fields: ${fields}`);
    return Object.fromEntries(names.map((name, index) => [name, String(fields[index])]));
  });
}
