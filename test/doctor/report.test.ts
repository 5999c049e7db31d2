import { expect, test } from '@jest/globals';
import { fold } from '../../src/doctor/fold.ts';
import { reportLine, reportParagraph } from '../../src/doctor/report.ts';

const REPORT = {
  id: 'clock',
  title: 'Clock',
  status: 'problem',
  cause: 'It is five minutes behind.',
  cure: 'Set it by the network: timedatectl set-ntp true',
} as const;

test('in a pipe a check is one line', () => {
  expect(reportLine(REPORT)).toBe(
    'problem  Clock: It is five minutes behind. -> Set it by the network: timedatectl set-ntp true',
  );
  expect(reportLine({ id: 'node', title: 'Node', status: 'ok' })).toBe('ok       Node');
});

test('in a terminal it is folded to the width, and the cure has a line of its own', () => {
  expect(reportParagraph(REPORT, 36)).toBe(
    [
      'problem  Clock: It is five minutes',
      '         behind.',
      '         -> Set it by the network:',
      '         timedatectl set-ntp true',
    ].join('\n'),
  );
});

test('a word that is longer than the width stays whole, and lines keep their own indent', () => {
  expect(fold('see https://example.com/a-long-path for\n  - more of it', 12)).toBe(
    'see\nhttps://example.com/a-long-path\nfor\n  - more of\nit',
  );
});
