import { entry, type ProblemText } from './entry.js';

/** Logs of other systems that cannot be brought in. */
export const IMPORT_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'file-unreadable': entry(
    'unknown',
    ['Không đọc được tệp', 'Không đọc được {file} ({reason}); kiểm tra tên, thư mục và quyền đọc.'],
    ['The file cannot be read', 'Cannot read {file} ({reason}); check its name, its folder and its rights.'],
  ),
  'import-mapping': entry(
    'malformed',
    ['Tệp ánh xạ chưa đúng', 'Tại {key}: cần {expected}.'],
    ['The mapping file is wrong', 'At {key} of the mapping: {expected}.'],
  ),
  'import-header': entry(
    'malformed',
    ['Không đọc được dòng tiêu đề của tệp nhật ký', 'Sửa dòng đầu hoặc tệp ánh xạ: {reason}.'],
    ['The header of the log cannot be read', 'Mend the first line of the log, or the mapping: {reason}.'],
  ),
  'import-unknown': entry(
    'unknown',
    ['Tệp này chưa được nhập', 'Không có lần nhập nào của tệp {file} đang có hiệu lực.'],
    ['That file is not imported', 'No import of the file {file} stands; nothing was taken back.'],
  ),
};
