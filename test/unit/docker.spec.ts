import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run as lint } from 'dockerfilelint';
import { parse } from 'yaml';
import { OWN_SETTINGS } from '#apps/platform/unknown-settings.js';
import { readEventStoreAddress } from '#libs/event-log/adapters/eventstoredb-address.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { filesUnder } from '../support/files-under.js';

interface Service {
  readonly image: string;
  readonly restart: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop: string[];
  readonly cap_add?: string[];
  readonly privileged?: boolean;
  readonly security_opt: string[];
  readonly build?: { context: string; dockerfile: string };
  readonly entrypoint?: string[];
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly healthcheck?: { test?: string[]; disable?: boolean };
  readonly depends_on?: Record<string, { condition: string }>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly networks?: string[] | Record<string, object>;
  readonly secrets?: string[];
  readonly deploy: { resources: { limits: Record<string, string | number> } };
}
interface Compose {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { internal?: boolean } | null>;
  readonly volumes: Record<string, null>;
  readonly secrets: Record<string, { file: string }>;
}

const read = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');
const COMPOSE_FILES = ['docker/compose.one-machine.yml', 'docker/compose.cluster.yml'];
const composed = (path: string): Compose => parse(read(path), { merge: true }) as Compose;
/** Variables that a compose file asks for, with what stands behind the name. */
const asked = (text: string): [name: string, rest: string][] =>
  [...text.matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g)].map((found) => [found[1]!, found[2]!]);
const settings = [...read('docker/.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
const SETTINGS = settings.map((found) => found[1]!);

describe('the image', () => {
  const dockerfile = read('docker/Dockerfile');
  const instructions = dockerfile.replace(/\\\n\s*/g, ' ').split('\n');
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)![1]!;

  it('passes the linter', () => {
    // The linter does not fill in arguments.
    const filledIn = dockerfile.replaceAll('${NODE_IMAGE}', image);
    expect(lint('.', filledIn)).toEqual([]);
  });

  it('is built on an exact version', () => {
    expect(image).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+$/);
    for (const from of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(from[1]).toBe('${NODE_IMAGE}');
  });

  it('is built from what there is, and from nothing that .dockerignore keeps out', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toContain('*');
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied).toContain('package-lock.json');
    for (const path of copied) {
      expect([path, existsSync(join(process.cwd(), path))]).toEqual([path, true]);
      expect(ignored).toContain(`!${path}`);
    }
  });

  it('runs one of our programs as a user without rights, and asks it how it is', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).toMatch(/^HEALTHCHECK .*\n?.*\/health\/live/m);
    expect(last).toMatch(/^ENTRYPOINT \["node"\]$/m);
    expectBuilt(/^CMD \["(.+)"\]$/m.exec(last)![1]!);
  });
});

describe('the settings', () => {
  const inCode = new Set(
    ['apps', 'libs']
      .flatMap((folder) => filesUnder(folder, /(?<!\.spec)\.ts$/))
      .flatMap((path) => [...read(path).matchAll(/\benv(?:ironment)?(?:\.|\[')([A-Z][A-Z0-9_]+)/g)])
      .map((found) => found[1]!),
  );
  const inCompose = new Set(COMPOSE_FILES.flatMap((path) => asked(read(path)).map(([name]) => name)));

  it('are all explained in .env.example, and nothing else is', () => {
    const known = new Set([...inCode, ...inCompose]);
    expect([...known].filter((name) => !SETTINGS.includes(name))).toEqual([]);
    expect(SETTINGS.filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(SETTINGS).size).toBe(SETTINGS.length);
  });

  it('are all known by name, so that a misspelt one is told', () => {
    const own = SETTINGS.filter((name) => name.startsWith('MOTCUA_'));
    expect([...OWN_SETTINGS].sort()).toEqual(own.sort());
  });

  it('bring no password along', () => {
    const secrets = settings.filter(([, name]) => /PASSWORD|SECRET|TOKEN|_KEY$/.test(name!));
    expect(secrets.length).toBeGreaterThan(0);
    for (const [, name, value] of secrets) expect([name, value]).toEqual([name, '']);
  });
});

describe.each(COMPOSE_FILES)('%s', (path) => {
  const text = read(path);
  const { services, networks, volumes, secrets } = composed(path);
  const all = Object.entries(services);
  const staying = all.filter(([, { restart }]) => restart !== 'no');

  it('pins every image to a version', () => {
    for (const [name, { image }] of all) {
      expect([name, image]).toEqual([
        name,
        expect.stringMatching(/:(\d+\.\d+(\.\d+)?(-|$)|\$\{MOTCUA_VERSION:-\d)/),
      ]);
      expect(image).not.toMatch(/latest/);
    }
  });

  it('starts what has ended again, and asks everything that stays how it is', () => {
    expect(staying.length).toBeGreaterThan(4);
    for (const [name, service] of staying) {
      expect([name, service.restart]).toEqual([name, 'unless-stopped']);
      // The image of motcua brings its own.
      const asks = service.healthcheck?.test ?? service.build;
      expect([name, asks]).toEqual([name, expect.anything()]);
    }
  });

  it('gives no rights, no writable root file system and no more than a share of the machine', () => {
    for (const [name, service] of all) {
      expect([name, service.cap_drop]).toEqual([name, ['ALL']]);
      expect([name, service.security_opt]).toEqual([name, ['no-new-privileges:true']]);
      expect([name, service.privileged, service.cap_add]).toEqual([name, undefined, undefined]);
      const limits = Object.keys(service.deploy.resources.limits).sort();
      expect([name, limits]).toEqual([name, ['cpus', 'memory', 'pids']]);
      if (!service.image.includes('kurrentdb')) expect([name, service.read_only]).toEqual([name, true]);
    }
    // Only the one-off that makes certificates is root, cut off from every network.
    const root = all.filter(([, { user }]) => user?.startsWith('0'));
    expect(root.map(([name]) => name)).toEqual(['certificates']);
    expect(services.certificates).toMatchObject({ network_mode: 'none', restart: 'no' });
  });

  it('publishes the proxy alone, and on this machine only', () => {
    const published = all.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['proxy']);
    for (const port of services.proxy!.ports!) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(Object.entries(networks).filter(([, network]) => !network?.internal)).toEqual([['edge', null]]);
    const outside = all.filter(([, service]) => networksOf(service).includes('edge'));
    expect(outside.map(([name]) => name)).toEqual(['proxy']);
  });

  it('names only services, volumes, networks, files and programs that there are', () => {
    for (const [name, service] of all) {
      for (const needed of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty(needed);
      for (const network of networksOf(service)) expect(Object.keys(networks)).toContain(network);
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0]!;
        if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
        else if (source !== './backup') expect(existsSync(join('docker', source))).toBe(true);
      }
      if (!service.build) continue;
      expect(existsSync(join('docker', service.build.context, service.build.dockerfile))).toBe(true);
      const program = [...(service.entrypoint ?? []), ...(service.command ?? [])].find((word) =>
        word.endsWith('.js'),
      );
      if (program) expectBuilt(program);
      else expect(name).toMatch(/^api/);
    }
  });

  it('takes every password from the environment, without a default', () => {
    const passwords = asked(text).filter(([name]) => name.endsWith('PASSWORD'));
    expect(new Set(passwords.map(([name]) => name)).size).toBe(4);
    for (const [name, rest] of passwords) expect([name, rest]).toEqual([name, expect.stringMatching(/^:\?/)]);
    for (const [, { environment }] of all) {
      for (const [name, value] of Object.entries(environment ?? {})) {
        if (/PASSWORD|AUTH$/.test(name)) expect(value).toMatch(/^\$\{\w+PASSWORD:\?[^}]*\}$/);
        const login = /:\/\/\w*:(.+)@/.exec(value)?.[1];
        if (login) expect(login).toMatch(/^\$\{\w+PASSWORD:\?[^}]*\}$/);
      }
    }
  });

  it('gives the master key to programs of ours alone, as a file that neither git nor the image takes', () => {
    const given = all.filter(([, own]) => own.secrets !== undefined);
    expect(given.map(([name]) => name)).toEqual(
      all.filter(([, { build }]) => build !== undefined).map(([name]) => name),
    );
    for (const [, own] of given) {
      expect(own.secrets).toEqual(['master_key']);
      expect(own.environment!.MOTCUA_MASTER_KEY_FILE).toBe('/run/secrets/master_key');
    }
    expect(secrets).toEqual({ master_key: { file: './master.key' } });
    expect(text).not.toMatch(/MOTCUA_MASTER_KEY:/);
    expect(read('.gitignore').split('\n')).toContain('master.key');
    expect(read('.dockerignore').split('\n')).toContain('**/master.key');
  });

  it('has the read models kept by the workers, and by no api', () => {
    const kept = (pattern: RegExp): unknown[] =>
      all.filter(([name]) => pattern.test(name)).map(([, own]) => own.environment!.MOTCUA_PROJECTIONS);
    expect(new Set(kept(/^api/))).toEqual(new Set(['elsewhere']));
    expect(new Set(kept(/^worker/))).toEqual(new Set(['here']));
  });

  it('gives every program addresses that it accepts', () => {
    const filledIn = (value: string): string => value.replace(/\$\{\w+:\?[^}]*\}/g, 'a1b2c3');
    for (const [, { environment }] of all.filter(([, { build }]) => build !== undefined)) {
      const { EVENTSTORE_URL, REDIS_URL, DATABASE_URL } = environment!;
      // The file with the authority is in the container only.
      const store = readEventStoreAddress(
        filledIn(EVENTSTORE_URL!).replace('&tlsCAFile=/authority/ca.crt', ''),
      );
      expect(store.tls).toBe(true);
      expect(parseRedisUrl(filledIn(REDIS_URL!)).password).toBe('a1b2c3');
      expect(new URL(filledIn(DATABASE_URL!)).password).toBe('a1b2c3');
    }
  });

  it('waits for what is needed until it is well', () => {
    for (const [name, service] of all.filter(([, { build }]) => build !== undefined)) {
      const conditions = Object.values(service.depends_on ?? {}).map(({ condition }) => condition);
      expect([name, conditions.length]).toEqual([name, expect.any(Number)]);
      expect(new Set(conditions)).toEqual(new Set(['service_healthy']));
      expect(Object.keys(service.depends_on!)).toEqual(expect.arrayContaining(['postgres', 'redis']));
    }
  });
});

describe('the cluster', () => {
  const { services } = composed('docker/compose.cluster.yml');
  const called = (pattern: RegExp): string[] => Object.keys(services).filter((name) => pattern.test(name));

  it('has three event stores that seek each other, a replica of Redis, two api and two workers', () => {
    const stores = called(/^eventstore-\d$/);
    expect(stores).toHaveLength(3);
    for (const name of stores) {
      const seeds = services[name]!.environment!.KURRENTDB_GOSSIP_SEED!.split(',').sort();
      expect(seeds).toEqual(stores.filter((other) => other !== name).map((other) => `${other}:2113`));
    }
    expect(services['redis-replica']!.command!.join('\n')).toContain('replicaof redis 6379');
    expect([called(/^api-/).length, called(/^worker-/).length]).toEqual([2, 2]);
  });

  it('reaches the store by TLS at all its nodes', () => {
    expect(services['api-1']!.environment!.EVENTSTORE_URL).toMatch(
      /@eventstore-1:2113,eventstore-2:2113,eventstore-3:2113\?tls=true&tlsCAFile=/,
    );
  });
});

describe('the proxy', () => {
  const config = read('docker/haproxy.cfg');

  it('leads to no page for those who run the service', () => {
    expect(config).toMatch(/^\s*http-request deny .* path,url_dec -m beg -i \/health \/metrics /m);
  });

  it('finds every api by its name, at the port that the image listens on', () => {
    const port = /PORT=(\d+)/.exec(read('docker/Dockerfile'))![1];
    const targets = [...config.matchAll(/^\s*server-template api \d+ (\S+)$/gm)].map((found) => found[1]);
    expect(new Set(targets)).toEqual(new Set([`api:${port}`]));
    for (const path of COMPOSE_FILES) {
      const apis = Object.entries(composed(path).services).filter(([name]) => name.startsWith('api'));
      for (const [, { networks }] of apis) expect(networks).toMatchObject({ front: { aliases: ['api'] } });
    }
  });
});

/** `dist/x.js` is what the build makes of `x.ts`. */
function expectBuilt(program: string): void {
  const source = program.replace(/^dist\//, '').replace(/\.js$/, '.ts');
  expect([program, existsSync(join(process.cwd(), source))]).toEqual([program, true]);
}

function networksOf({ networks }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks ?? {});
}
