import { toString as qrOf } from 'qrcode';
import type { Limit } from '#libs/calendar/calendar.js';
import type { Paper, Party } from '#libs/dossier/dossier.events.js';
import { DAMAGED, ERASED } from '#libs/personal-data/sealed.js';
import type { Words } from '#libs/problem/catalogue/entry.js';
import { html, Html } from './html.js';
import type { Kept, Slip } from './slip.js';
import { LABELS, LIMIT_UNITS, UNREADABLE } from './words.js';

const NONE = html`–`;

/**
 * The receipt as a page to print on A4: Vietnamese, English beside. Styles and script are files of the service.
 * @param origin where browsers find the service
 */
export async function slipPage(slip: Slip, origin: string): Promise<string> {
  const { code, secret, desk, applicant, submitter, procedure, limit, fee } = slip;
  const instant = instantsOf(slip.zone);
  return html`<!doctype html>
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${code}</title>
        <link rel="icon" type="image/png" href="/api/page/favicon-32x32.png" />
        <link rel="stylesheet" href="/pages/receipt.css" />
        <script src="/pages/receipt.js" defer></script>
      </head>
      <body>
        <button id="print" type="button">In <span lang="en">Print</span></button>
        <main>
          <header>
            <div class="desk">
              <strong>${desk.name?.vi ?? desk.code}</strong
              >${desk.name ? html`<span lang="en">${desk.name.en}</span>` : null}
              <span>Bộ phận Tiếp nhận và Trả kết quả</span><span>${desk.code}</span>
            </div>
            <div class="state">
              <strong>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</strong
              ><span class="motto">Độc lập – Tự do – Hạnh phúc</span>
            </div>
          </header>
          <h1>Giấy tiếp nhận hồ sơ và hẹn trả kết quả<span lang="en">Receipt and appointment</span></h1>
          <aside class="look-up">
            ${new Html(await lookUpQr(origin, code, secret))}
            <p>${both(LABELS.scan)}</p>
            <p class="secret">${both(LABELS.secret)}<strong>${secret}</strong></p>
          </aside>
          <dl>
            ${line(LABELS.code, html`<strong class="code">${code}</strong>`)}
            ${partyLines(LABELS.applicant, applicant)}
            ${submitter === null ? null : partyLines(LABELS.submitter, submitter)}
            ${line(LABELS.procedure, html`${procedure.name?.vi ?? null} (${procedure.code})${procedure.name?.en ? html` <span lang="en">${procedure.name.en}</span>` : null}`)}
          </dl>
          <h2>${both(LABELS.papers)}</h2>
          ${papersTable(slip.papers)}
          <dl>
            ${line(LABELS.limit, limit ? both(limitWords(limit)) : NONE)}
            ${line(LABELS.acceptedAt, instant(slip.acceptedAt))}
            ${line(LABELS.dueAt, html`<strong>${slip.dueAt === null ? NONE : instant(slip.dueAt)}</strong>${slip.firstDueAt === null ? null : html` (${both(LABELS.firstDueAt)}: ${instant(slip.firstDueAt)})`}`)}
            ${line(LABELS.returnedBy, html`${desk.name?.vi ?? desk.code}`)}
            ${line(LABELS.fee, fee === null ? NONE : html`${fee.amount.toLocaleString('vi-VN')} ${fee.currency}`)}
          </dl>
          <p class="register">${both(LABELS.register)}</p>
          <div class="signatures">
            <div>
              <strong>NGƯỜI NỘP HỒ SƠ</strong><span lang="en">Submitter</span><em>(Ký và ghi rõ họ tên)</em>
            </div>
            <div>
              <strong>NGƯỜI TIẾP NHẬN HỒ SƠ</strong><span lang="en">Receiving clerk</span
              ><em>(Ký và ghi rõ họ tên)</em>
            </div>
          </div>
          <footer>
            Mẫu 01: bố cục theo các hệ thống đang dùng, chưa đối chiếu với phụ lục thông tư.
            <span lang="en"
              >Form 01: laid out as in working systems, not compared with the annex of the circular.</span
            >
          </footer>
        </main>
      </body>
    </html>`.text;
}

/** Behind the `#`, code and secret reach no server and no log. */
function lookUpQr(origin: string, code: string, secret: string): Promise<string> {
  const address = `${origin}/look-up#code=${encodeURIComponent(code)}&secret=${encodeURIComponent(secret)}`;
  return qrOf(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
}

const both = ({ vi, en }: Words): Html => html`${vi} <span lang="en">${en}</span>`;

const line = (label: Words, value: Html): Html =>
  html`<div>
    <dt>${both(label)}</dt>
    <dd>${value}</dd>
  </div> `;

function partyLines(label: Words, party: Kept<Party>): Html {
  if (party === ERASED || party === DAMAGED) return line(label, both(UNREADABLE[party]));
  if (party === null) return line(label, NONE);
  const more = (['idNumber', 'address', 'phone', 'email'] as const).map((field) => {
    const value = party[field];
    return value === undefined ? null : line(LABELS[field], html`${value}`);
  });
  return html`${line(label, html`<strong>${party.name}</strong>`)}${more}`;
}

function papersTable(papers: Kept<readonly Paper[]>): Html {
  if (papers === ERASED || papers === DAMAGED) return html`<p>${both(UNREADABLE[papers])}</p>`;
  if (papers === null) return html`<p>${NONE}</p>`;
  const rows = papers.map(
    ({ name, originals, copies }, n) =>
      html`<tr>
        <td>${n + 1}</td>
        <td>${name}</td>
        <td>${originals}</td>
        <td>${copies}</td>
      </tr> `,
  );
  return html`<table>
    <thead>
      <tr>
        <th>TT</th>
        <th>Tên giấy tờ <span lang="en">Paper</span></th>
        <th>Bản chính <span lang="en">Originals</span></th>
        <th>Bản sao <span lang="en">Copies</span></th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function limitWords({ value, unit }: Limit): Words {
  return { vi: `${value} ${LIMIT_UNITS[unit].vi}`, en: `${value} ${LIMIT_UNITS[unit].en}` };
}

/** As the desk writes it: `09:00 ngày 15/01/2024`. */
function instantsOf(zone: string): (at: string) => Html {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' },
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
    );
    return html`${parts.hour}:${parts.minute} ngày ${parts.day}/${parts.month}/${parts.year}`;
  };
}
