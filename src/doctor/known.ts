import { StartError } from '../errors.ts';
import { type Flags, flagOf, readVariable, type Variable } from './setup-flags.ts';

export interface Known {
  value: string;
  source: 'flag' | 'environment' | 'file';
}

export interface Sources {
  flags: Flags['given'];
  /** The process's own variables, without those of the .env file. */
  shell: NodeJS.ProcessEnv;
  file: Readonly<Record<string, string>>;
}

/**
 * What is known of a variable before anyone is asked: a flag counts most, then the environment, then .env. A value of
 * the wrong form counts for nothing, except in a flag. @throws StartError for such a flag
 */
export function known(variable: Variable, { flags, shell, file }: Sources): Known | undefined {
  const given = flags[variable];
  if (given !== undefined) {
    const { value, cure } = readVariable(variable, given);
    if (value === undefined) throw new StartError(`${flagOf(variable)}: ${cure}`);
    return { value, source: 'flag' };
  }
  for (const [source, variables] of [
    ['environment', shell],
    ['file', file],
  ] as const) {
    const text = variables[variable];
    if (!text?.trim()) continue;
    const { value } = readVariable(variable, text);
    return value === undefined ? undefined : { value, source };
  }
  return undefined;
}
