/* The address under which a calendar gets when one’s dossiers fall due. */
import { byId, commandKey, done, sent, trying } from './own.js';

const PATH = '/api/account/calendar-feed';
const MADE = { vi: 'Đã tạo địa chỉ lịch.', en: 'The address is made.' };
const WITHDRAWN = { vi: 'Đã thu hồi địa chỉ lịch.', en: 'The address is withdrawn.' };

byId('make-address').addEventListener('click', () =>
  trying(async () => {
    const made = await sent('POST', PATH, {}, commandKey());
    if (!made) return;
    byId('address').textContent = new URL(made.address, location.origin).href;
    done(MADE);
  }),
);

byId('withdraw-address').addEventListener('click', () =>
  trying(async () => {
    if (!(await sent('DELETE', PATH))) return;
    byId('address').textContent = '';
    done(WITHDRAWN);
  }),
);
