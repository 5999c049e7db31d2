import { startSandbox } from '../../../src/sandbox/start-sandbox.ts';
import { answerQuestions, options } from './serve.ts';

/** How many calls its large customer has, and how long each answer of its API waits. */
export interface SandboxOptions {
  calls: number;
  latency: number;
}

// The sandbox, alone. Its answer to any question is how much memory it holds.
const { url, settings } = await startSandbox({
  ...options<SandboxOptions>(),
  appUrl: 'http://localhost:3000',
});
answerQuestions({ url, settings }, () => process.memoryUsage.rss());
