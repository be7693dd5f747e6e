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
});
