/** The text with no line longer than `width`, broken between words; `indent` begins each line that this makes. */
export function fold(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map((line) => {
      const folded = [''];
      for (const word of line.split(/(?<=\S) /)) {
        const last = String(folded.at(-1));
        const longer = last ? `${last} ${word}` : word;
        if (longer.length <= width || !last.trim()) folded[folded.length - 1] = longer;
        else folded.push(indent + word);
      }
      return folded.join('\n');
    })
    .join('\n');
}
