import type { AddressInfo, Server } from 'node:net';

/** What the process was started with. */
export function options<Options>(): Options {
  return JSON.parse(process.argv[2] ?? '{}') as Options;
}

/** Listens on a free port of this machine, tells the parent process where, and answers its questions. */
export function serve(
  server: Server,
  scheme: string,
  answer: (question: unknown) => unknown,
): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    answerQuestions({ url: `${scheme}://127.0.0.1:${port}` }, answer);
  });
}

/** Says that this process is ready, and answers the questions of its parent until that is gone. */
export function answerQuestions(
  ready: { url: string; [more: string]: unknown },
  answer: (question: unknown) => unknown,
): void {
  process.on('message', async (question) => process.send?.(await answer(question)));
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}
