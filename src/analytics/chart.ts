/** Text for SVG and HTML, in an attribute too. Directions and statuses are whatever Twilio sends. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A drawing as wide as its place and `height` pixels high. Positions from left to right are per cent, those from top to
 * bottom pixels, so that letters keep their size on any screen. Looks come from classes alone: our CSP allows no inline
 * style. To a screen reader it is one picture, called `label`; a table beside it tells the rest.
 */
export function drawing(kind: string, height: number, label: string, content: string): string {
  return `<svg class="chart ${kind}" role="img" aria-label="${escapeText(label)}" width="100%" height="${height}">${content}</svg>`;
}

export function text(className: string, x: string | number, y: number, content: string): string {
  return `<text class="${className}" x="${x}" y="${y}">${escapeText(content)}</text>`;
}

/** What a pointer that rests on a shape is told. */
export function tooltip(content: string): string {
  return `<title>${escapeText(content)}</title>`;
}

/** A number with as many digits as a drawing needs. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
