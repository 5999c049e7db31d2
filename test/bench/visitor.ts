/** A browser that is signed in, as far as a benchmark needs one. */
export interface Visitor {
  cookie: string;
  /** Asks for a page of the app. Throws if the answer is not 200. */
  open(path: string): Promise<Response>;
}

/** Signs a new user up. */
export async function signUp(url: string, email: string): Promise<Visitor> {
  const body = new URLSearchParams({ email, password: 'correct horse battery' });
  const answer = await fetch(`${url}/sign-up`, { method: 'POST', body, redirect: 'manual' });
  const [cookie = ''] = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  if (answer.status !== 303 || !cookie) throw new Error(`cannot sign up: ${answer.status}`);
  return {
    cookie,
    async open(path) {
      const page = await fetch(url + path, { headers: { cookie }, redirect: 'manual' });
      if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
      return page;
    },
  };
}
