import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** Runs the question of the gate with a registry client that prints this and ends with that status. */
function audit(printed: string, status: number): { code: number | null; said: string } {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat <<'END'\n${printed}\nEND\nexit ${status}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const { status: code, stdout } = spawnSync('bash', ['-c', '. .ci/audit; audit'], { env, encoding: 'utf8' });
  return { code, said: stdout };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'motcua-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the audit of dependencies in the gate', () => {
  it('passes without a word where nothing is known', () => {
    expect(audit('{"auditReportVersion": 2, "vulnerabilities": {}}', 0)).toEqual({ code: 0, said: '' });
  });

  it('fails for a finding', () => {
    expect(audit('{"auditReportVersion": 2, "vulnerabilities": {"x": {}}}', 1).code).toBe(1);
  });

  it.each([
    '{"message": "405 Method Not Allowed", "error": {"summary": "", "detail": ""}}',
    '{"error": {"code": "ENETUNREACH"}}',
    '',
  ])('says in one line that it could not ask, and goes on: %s', (printed) => {
    const { code, said } = audit(printed, 1);
    expect([code, said.split('\n').length]).toEqual([0, 2]);
    expect(said).toContain('could not be asked');
  });
});
