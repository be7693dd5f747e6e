import { entry, type ProblemText } from './entry.js';

/** Steps of a dossier that cannot be taken as asked. */
export const DOSSIER_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'dossier-unknown': entry(
    'unknown',
    ['Không có hồ sơ này', 'Không tìm thấy hồ sơ {code} trong các đơn vị của tài khoản; kiểm tra lại mã.'],
    ['No such dossier', 'There is no dossier {code} in the units of the account; check the code.'],
  ),
  'former-dossier-unknown': entry(
    'impossible',
    ['Không có hồ sơ trước', 'Không tìm thấy hồ sơ {code} để liên kết; kiểm tra lại mã.'],
    ['No such former dossier', 'There is no dossier {code} to continue; check the code.'],
  ),
  'revision-unknown': entry(
    'conflict',
    [
      'Phiên bản không tồn tại',
      'Hồ sơ {code} mới đến phiên bản {revision}, chưa có {stated}; hãy đọc lại hồ sơ.',
    ],
    [
      'Unknown revision',
      'Dossier {code} is at revision {revision}; there is no {stated} yet. Read it again.',
    ],
  ),
  'revision-stale': entry(
    'conflict',
    [
      'Hồ sơ đã thay đổi',
      'Hồ sơ {code} đã đến phiên bản {revision} (đã thấy {stated}); xem các bước mới trong “since”, rồi gửi lại với phiên bản mới.',
    ],
    [
      'The dossier has moved on',
      'Dossier {code} is at revision {revision} (you saw {stated}); see what happened in "since", then send again with the new revision.',
    ],
  ),
  'step-not-allowed': entry(
    'conflict',
    ['Không thực hiện được bước này', 'Hồ sơ {code} đang ở trạng thái {state}; có thể: {allowed}.'],
    ['This step is not possible now', 'Dossier {code} is in state {state}; possible steps: {allowed}.'],
  ),
  'in-the-future': entry(
    'impossible',
    ['Thời điểm ở tương lai', 'Thời điểm {claimed} sau {latest}; kiểm tra ngày giờ.'],
    ['An instant in the future', '{claimed} lies after {latest}; check date and time.'],
  ),
  'before-acceptance': entry(
    'impossible',
    ['Trước khi tiếp nhận', 'Thời điểm {claimed} trước lúc tiếp nhận {acceptedAt}.'],
    ['Before the acceptance', '{claimed} lies before the acceptance at {acceptedAt}.'],
  ),
  'before-previous-step': entry(
    'impossible',
    [
      'Trước bước liền trước',
      'Thời điểm {claimed} trước bước liền trước ({previous}); nếu bước trước ghi sai, hãy đính chính.',
    ],
    [
      'Before the previous step',
      '{claimed} lies before the previous step ({previous}); if that one is wrong, correct it.',
    ],
  ),
  'ended-before-acceptance': entry(
    'impossible',
    ['Kết thúc trước khi tiếp nhận', 'Thời điểm tiếp nhận {claimed} sau lúc kết thúc {endedAt}.'],
    ['Ended before the acceptance', 'The acceptance {claimed} lies after the end at {endedAt}.'],
  ),
  'returned-before-resolved': entry(
    'impossible',
    [
      'Trả kết quả trước khi xử lý xong',
      'Thời điểm {claimed} làm cho việc trả kết quả xảy ra trước khi xử lý xong.',
    ],
    ['Returned before resolved', '{claimed} would put the return before the resolution.'],
  ),
  'due-not-later': entry(
    'impossible',
    ['Hạn mới không muộn hơn', 'Hạn {dueAt} phải sau {after}.'],
    ['The new due instant is not later', '{dueAt} must lie after {after}.'],
  ),
  'form-required': entry(
    'impossible',
    ['Phải có phiếu', 'Bước {step} cần số phiếu; không đổi hạn hay thời điểm khi chưa có phiếu.'],
    [
      'A form is required',
      'Step {step} needs the number of the form; no due date or time is changed without.',
    ],
  ),
  'proposal-open': entry(
    'conflict',
    [
      'Đã có đề xuất đang chờ',
      'Hồ sơ {code} đã có đề xuất {proposal} ({step}) đang chờ; duyệt hoặc từ chối đề xuất đó trước.',
    ],
    [
      'A proposal is waiting already',
      'Proposal {proposal} ({step}) of dossier {code} is still waiting; approve or refuse it first.',
    ],
  ),
  'proposal-unknown': entry(
    'impossible',
    ['Không có đề xuất này', 'Đề xuất {proposal} không còn chờ; đang chờ: {open}.'],
    ['Unknown proposal', 'Proposal {proposal} is not waiting; waiting ones: {open}.'],
  ),
  'second-person-needed': entry(
    'forbidden',
    [
      'Phải có người thứ hai',
      'Đề xuất {proposal} do {proposedBy} lập; người duyệt phải là người khác, và không ai dùng quyền do người kia ủy quyền.',
    ],
    [
      'A second person is needed',
      'Proposal {proposal} was made by {proposedBy}; somebody else must approve it, and neither by a right that the other one delegated.',
    ],
  ),
  'supplement-limit': entry(
    'conflict',
    ['Đã hết lượt yêu cầu bổ sung', 'Hồ sơ {code} đã được yêu cầu bổ sung đủ {limit} lần.'],
    ['No further supplement request', 'Dossier {code} has had its {limit} supplement request(s).'],
  ),
  'extension-limit': entry(
    'conflict',
    ['Đã hết lượt gia hạn', 'Hồ sơ {code} đã gia hạn đủ {limit} lần.'],
    ['No further extension', 'Dossier {code} has had its {limit} extension(s).'],
  ),
  'no-due-instant': entry(
    'conflict',
    ['Hồ sơ không có hạn trả', 'Hồ sơ {code} không có hạn để gia hạn.'],
    ['The dossier has no due instant', 'Dossier {code} has no due instant to extend.'],
  ),
  'nothing-to-correct': entry(
    'conflict',
    ['Chưa có gì để đính chính', 'Hồ sơ {code} chưa có thời điểm {field}.'],
    ['Nothing to correct', 'Dossier {code} has no {field} yet.'],
  ),
  'alert-unknown': entry(
    'impossible',
    ['Không có nhắc việc này', 'Hồ sơ {code} không nhắc “{topic}” theo mốc {dueAt}; đang nhắc: {open}.'],
    ['Unknown alert', 'Nobody is reminded of {topic} of dossier {code} by {dueAt}; open ones: {open}.'],
  ),
  'alert-cancelled': entry(
    'conflict',
    ['Nhắc việc đã được hủy', 'Nhắc “{topic}” theo mốc {dueAt} của hồ sơ {code} đã được hủy.'],
    ['The alert is cancelled already', 'Reminders of {topic} by {dueAt} of dossier {code} are cancelled.'],
  ),
  'link-not-possible': entry(
    'conflict',
    ['Không liên kết được', 'Hồ sơ {code} đã liên kết rồi, hoặc liên kết với chính nó.'],
    ['Not linked', 'Dossier {code} is linked already, or would be linked to itself.'],
  ),
  'consultation-unknown': entry(
    'impossible',
    ['Không có lần lấy ý kiến này', 'Lần lấy ý kiến {consultation} không mở; đang mở: {open}.'],
    ['Unknown consultation', 'Consultation {consultation} is not open; open ones: {open}.'],
  ),
};
