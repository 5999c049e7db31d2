/** Fails unless `xml` is well-formed: every element closed, attributes quoted and given once, no stray < or &. */
export function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [all, closing, name, attributes = '', alone, text = ''] of xml.matchAll(token)) {
    end += all.length;
    const names = [...attributes.matchAll(/\s([\w:-]+)=/g)].map(([, attribute]) => attribute);
    if (new Set(names).size < names.length) throw new Error(`An attribute twice: ${all}`);
    if (/&(?!#\d+;|amp;|lt;|gt;|quot;)/.test(attributes + text))
      throw new Error(`A stray &: ${all}`);
    if (closing && open.pop() !== name) throw new Error(`Closes what is not open: ${all}`);
    if (name && !closing && !alone) open.push(name);
  }
  if (end < xml.length) throw new Error(`Not well-formed at: ${xml.slice(end, end + 80)}`);
  if (open.length > 0) throw new Error(`Never closed: ${open}`);
}
