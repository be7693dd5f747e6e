import { describe, expect, it } from '@jest/globals';
import { unknownSettings } from './unknown-settings.js';

describe('a misspelt setting', () => {
  it('is named, with the one that was meant', () => {
    expect(
      unknownSettings({
        MOTCUA_PROJECTION: 'elsewhere',
        MOTCUA_DRIAN_SECONDS: '5',
        MOTCUA_DATE: '/srv/motcua',
      }),
    ).toEqual([
      'MOTCUA_PROJECTION is no setting and has no effect; did you mean MOTCUA_PROJECTIONS?',
      'MOTCUA_DRIAN_SECONDS is no setting and has no effect; did you mean MOTCUA_DRAIN_SECONDS?',
      'MOTCUA_DATE is no setting and has no effect; did you mean MOTCUA_DATA?',
    ]);
  });

  it('is none of ours, and none of other programs', () => {
    expect(unknownSettings({ MOTCUA_DATA: '', MOTCUA_VERIFY_CRON: 'off', PATH: '/bin', TZ: 'UTC' })).toEqual(
      [],
    );
  });
});
