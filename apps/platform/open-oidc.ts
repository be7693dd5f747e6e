import { readFile } from 'node:fs/promises';
import { isLoopbackName } from '#libs/access/http/loopback.js';
import { checkMapping } from '#libs/access/oidc/mapping.js';
import { OidcProvider } from '#libs/access/oidc/oidc-provider.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import type { Settings } from './settings.js';

/**
 * The provider that the settings name; it is not asked yet. Null without one.
 * @throws Problem `oidc-setting-wrong`, `oidc-mapping-wrong`
 */
export async function openOidc(
  { signIn: { oidc }, publicUrl, host, port }: Settings,
  log: (line: string) => void,
): Promise<OidcProvider | null> {
  if (!oidc) return null;
  const { issuer, clientId, clientSecret, clientSecretFile, scope, mappingFile } = oidc;
  if (publicUrl === undefined && !isLoopbackName(host)) {
    throw new Problem('oidc-setting-wrong', {
      setting: 'MOTCUA_PUBLIC_URL',
      reason: 'the provider has to know where to send browsers back to',
    });
  }
  const secret =
    clientSecretFile === undefined
      ? clientSecret
      : (await read(clientSecretFile, 'MOTCUA_OIDC_CLIENT_SECRET_FILE')).trim();
  return new OidcProvider(
    {
      ...{ issuer, clientId, scope, clientSecret: secret },
      mapping: checkMapping(parsed(await read(mappingFile, 'MOTCUA_OIDC_MAPPING'), mappingFile), mappingFile),
      publicUrl: publicUrl ?? `http://${host}:${port}`,
    },
    log,
  );
}

async function read(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
    throw new Problem('oidc-setting-wrong', { setting, reason });
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('oidc-setting-wrong', {
      setting: 'MOTCUA_OIDC_MAPPING',
      reason: `${file} is not JSON`,
    });
  }
}
