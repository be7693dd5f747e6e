import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

describe('settings', () => {
  it('are taken without the blanks around them', () => {
    const settings = readSettings({
      DATABASE_URL: ' postgresql://host/motcua\n',
      REDIS_URL: ' ',
      MOTCUA_DATA: ' /srv/motcua ',
      PORT: ' 3001',
    });
    expect(settings).toMatchObject({
      databaseUrl: 'postgresql://host/motcua',
      dataFolder: '/srv/motcua',
      port: 3001,
    });
    expect(settings.redisUrl).toBeUndefined();
  });

  it.each(['https://motcua.example.vn', ' https://MOTCUA.example.vn:443/', 'http://10.0.0.5:8080'])(
    'take %j for where browsers find the service',
    (given) => {
      const { publicUrl } = readSettings({ MOTCUA_PUBLIC_URL: given });
      expect(['https://motcua.example.vn', 'http://10.0.0.5:8080']).toContain(publicUrl);
    },
  );

  it.each(['motcua.example.vn', 'ftp://x', 'https://x/path', 'https://x?y', 'https://user@x', 'https://'])(
    'do not take %j for it',
    (given) => {
      expect(() => readSettings({ MOTCUA_PUBLIC_URL: given })).toThrow('public-url-wrong');
    },
  );
});
