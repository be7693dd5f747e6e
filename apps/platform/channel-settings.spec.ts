import { describe, expect, it } from '@jest/globals';
import { readChannelSettings } from './channel-settings.js';

const FROM = 'Một cửa <mot-cua@example.vn>';

describe('the settings of mail', () => {
  it('are not needed', () => {
    expect(readChannelSettings({ MOTCUA_SMTP_URL: '', MOTCUA_MAIL_FROM: '' }).mail).toBeUndefined();
  });

  it('name the server, the login and the sender', () => {
    const env = { MOTCUA_SMTP_URL: 'smtps://mot%40cua:p%3Aw@mail.example.vn', MOTCUA_MAIL_FROM: FROM };
    expect(readChannelSettings(env).mail).toEqual({
      ...{ host: 'mail.example.vn', port: 465, secure: true },
      ...{ user: 'mot@cua', password: 'p:w', passwordFile: undefined },
      from: { name: 'Một cửa', address: 'mot-cua@example.vn' },
    });
  });

  it('may leave the password to a file, and the login out', () => {
    const withFile = {
      MOTCUA_SMTP_URL: 'smtp://an@[::1]:25',
      MOTCUA_SMTP_PASSWORD_FILE: '/run/secrets/mail',
    };
    expect(readChannelSettings({ ...withFile, MOTCUA_MAIL_FROM: 'a@example.vn' }).mail).toEqual({
      ...{ host: '::1', port: 25, secure: false },
      ...{ user: 'an', password: undefined, passwordFile: '/run/secrets/mail' },
      from: { name: '', address: 'a@example.vn' },
    });
    const open = { MOTCUA_SMTP_URL: 'smtp://relay.example.vn', MOTCUA_MAIL_FROM: 'a@example.vn' };
    expect(readChannelSettings(open).mail).toMatchObject({ port: 587, user: undefined });
  });

  it.each([
    ['MOTCUA_SMTP_URL', { MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'mail.example.vn', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'https://mail.example.vn', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'smtps://', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'smtp://h?ignoreTLS=true', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'smtp://a@h', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_URL', { MOTCUA_SMTP_URL: 'smtp://a:100%25%@h', MOTCUA_MAIL_FROM: FROM }],
    ['MOTCUA_SMTP_PASSWORD_FILE', { MOTCUA_SMTP_URL: 'smtp://a:b@h', MOTCUA_SMTP_PASSWORD_FILE: '/x' }],
    ['MOTCUA_MAIL_FROM', { MOTCUA_SMTP_URL: 'smtp://h' }],
    ['MOTCUA_MAIL_FROM', { MOTCUA_SMTP_URL: 'smtp://h', MOTCUA_MAIL_FROM: 'Một cửa' }],
    ['MOTCUA_MAIL_FROM', { MOTCUA_SMTP_URL: 'smtp://h', MOTCUA_MAIL_FROM: 'a@x.vn, b@x.vn' }],
  ])('are refused at %s for %j, without a password in the words', (setting, env) => {
    const read = (): unknown => readChannelSettings(env);
    expect(read).toThrow(expect.objectContaining({ type: 'mail-setting-wrong' }));
    expect(read).toThrow(setting);
    expect(read).not.toThrow('100%');
  });
});
