/** In which parts two addresses differ, in the words that setup and doctor use; none if they are the same text. */
export function differingParts(one: string, other: string): string[] {
  if (one === other) return [];
  if (!URL.canParse(one) || !URL.canParse(other)) return ['whole address'];
  const [a, b] = [new URL(one), new URL(other)];
  const [pathA, pathB] = [withoutSlash(a.pathname), withoutSlash(b.pathname)];
  const parts = {
    scheme: a.protocol !== b.protocol,
    host: a.hostname !== b.hostname,
    port: a.port !== b.port,
    path: pathA !== pathB,
    'slash at the end': pathA === pathB && a.pathname !== b.pathname,
    query: a.search !== b.search,
  };
  const names = Object.entries(parts).flatMap(([name, differs]) => (differs ? [name] : []));
  // Such as capital letters in the host name: the same place, but a signature is made over the text.
  return names.length > 0 ? names : ['spelling'];
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
