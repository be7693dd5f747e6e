import { entry, type ProblemText } from './entry.js';

/** Persons who cannot be forgotten as asked. */
export const ERASURE_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'person-unknown': entry(
    'unknown',
    ['Không có người này', 'Không có hồ sơ nào của người {subject}; kiểm tra lại mã.'],
    ['No such person', 'No dossier holds data of person {subject}; check the id.'],
  ),
  'person-erased': entry(
    'conflict',
    ['Dữ liệu đã được xoá', 'Dữ liệu của người {subject} đã được xoá lúc {erasedAt}.'],
    ['Erased already', 'The data of person {subject} were erased at {erasedAt}.'],
  ),
  'erasure-barred': entry(
    'conflict',
    [
      'Chưa được xoá',
      'Hồ sơ chưa kết thúc: {open}; đang bị giữ lại: {held}; còn trong thời hạn lưu trữ (đến {until}): {kept}; ghi rõ từ trước khi có khoá, không xoá được: {clear}.',
    ],
    [
      'Erasure is barred',
      'Dossiers still open: {open}; under a legal hold: {held}; to be kept (until {until}): {kept}; written in clear before there were keys, and not erasable: {clear}.',
    ],
  ),
  'erasure-not-due': entry(
    'conflict',
    [
      'Chưa đến hạn xoá',
      'Thủ tục của một hồ sơ chưa quy định thời hạn lưu trữ; chỉ xoá theo yêu cầu (basis: request).',
    ],
    [
      'Not due for erasure',
      'The procedure of a dossier lays down no period of retention: it can be erased on request only (basis: request).',
    ],
  ),
  'erasure-proposed-already': entry(
    'conflict',
    ['Đã có đề nghị xoá', 'Đề nghị {proposal} đang chờ người thứ hai quyết định.'],
    ['Proposed already', 'Proposal {proposal} waits for a second person to decide.'],
  ),
  'erasure-proposal-unknown': entry(
    'impossible',
    ['Không có đề nghị này', 'Đề nghị {proposal} không có hoặc đã được quyết định.'],
    ['No such proposal', 'There is no open proposal {proposal}: it was decided already, or never made.'],
  ),
};
