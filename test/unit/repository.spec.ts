import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly overrides?: Record<string, string>;
  readonly allowScripts?: Record<string, boolean>;
}
interface Lock {
  readonly packages: Record<
    string,
    { version?: string; integrity?: string; hasInstallScript?: boolean } & Manifest
  >;
}

const root = process.cwd();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as Lock;
const wanted = { ...manifest.dependencies, ...manifest.devDependencies };

/** What git holds, or in an unpacked archive nothing: these facts are about what is committed. */
function tracked(): string[] {
  if (!existsSync(join(root, '.git'))) return [];
  const list = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  return list.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}
const textFiles = tracked().filter((path) => !/\.(gz|xlsx|png|ico|woff2?)$/.test(path));

function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

describe('the lock file', () => {
  it('pins every dependency with its checksum, for the same ranges as package.json', () => {
    expect({ ...lock.packages['']?.dependencies, ...lock.packages['']?.devDependencies }).toEqual(wanted);
    const unpinned = Object.keys(wanted).filter((name) => {
      const entry = lock.packages[`node_modules/${name}`];
      return entry?.version === undefined || entry.integrity === undefined;
    });
    expect(unpinned).toEqual([]);
  });

  it('holds every package whose install script is allowed or refused', () => {
    const names = Object.keys(manifest.allowScripts ?? {});
    expect(names.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  it('brings no install script that nobody has judged', () => {
    const scripted = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(scripted.filter((name) => manifest.allowScripts?.[name] === undefined)).toEqual([]);
  });
});

describe('the licence', () => {
  it('is the text of the Apache License 2.0 as published', () => {
    const published = 'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30';
    expect(createHash('sha256').update(read('LICENSE')).digest('hex')).toBe(published);
  });
});

describe('what is committed', () => {
  it('names no folder of the machine it was written on', () => {
    // `/home/node` belongs to the usual container images.
    const machine =
      /(^|[\s"'`(=:])(\/home\/(?!node\b)[a-z_][\w.-]*\/|\/root\/|\/Users\/\w+\/|\/(work|workspaces?)\/\w|[A-Z]:\\Users\\)/;
    expect(linesWith(machine, textFiles)).toEqual([]);
  });

  it('names no package registry', () => {
    const registry =
      /\b(registry\.[a-z0-9-]+\.(org|com)|npm\.pkg\.[a-z]+|_authToken)\b|^\s*(@[\w-]+:)?registry\s*=/;
    const files = textFiles.filter((path) => path !== 'test/unit/repository.spec.ts');
    expect(linesWith(registry, files)).toEqual([]);
    expect(linesWith(/"resolved":\s*"[a-z+]+:\/\//, ['package-lock.json'])).toEqual([]);
  });
});

describe('the documents', () => {
  it('link only to what is there', () => {
    const pages = textFiles.filter((path) => path.endsWith('.md'));
    const broken = pages.flatMap((page) => {
      const prose = read(page).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
      return [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
        .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter(
          (target) => !existsSync(join(root, normalize(join(dirname(page), decodeURIComponent(target))))),
        )
        .map((target) => `${page} → ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it('index every decision', () => {
    const index = read('docs/adr/README.md');
    const adrs = tracked().filter((path) => /^docs\/adr\/\d{4}-(?!template).*\.md$/.test(path));
    expect(adrs.filter((path) => !index.includes(`(${path.replace('docs/adr/', '')})`))).toEqual([]);
  });
});
