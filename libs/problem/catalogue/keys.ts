import { entry, type ProblemText } from './entry.js';

/** The master key, keys of persons, and what is sealed under them. */
export const KEY_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'master-key-malformed': entry(
    'broken',
    [
      'Khóa chủ sai dạng',
      '{where}, dòng {line}: khóa chủ là 32 byte viết bằng base64; tạo khóa bằng `motcua keys new-master`.',
    ],
    [
      'The master key is malformed',
      '{where}, line {line}: a master key is 32 bytes in base64; make one by `motcua keys new-master`.',
    ],
  ),
  'master-key-twice': entry(
    'broken',
    ['Khóa chủ được đặt hai lần', 'Chỉ đặt một trong MOTCUA_MASTER_KEY và MOTCUA_MASTER_KEY_FILE.'],
    ['The master key is set twice', 'Set either MOTCUA_MASTER_KEY or MOTCUA_MASTER_KEY_FILE, not both.'],
  ),
  'master-key-unreadable': entry(
    'broken',
    [
      'Không đọc được tệp khóa chủ',
      'Không đọc được {file} ({reason}); kiểm tra MOTCUA_MASTER_KEY_FILE và quyền.',
    ],
    [
      'The file of the master key cannot be read',
      'Cannot read {file} ({reason}); check MOTCUA_MASTER_KEY_FILE and the rights of the file.',
    ],
  ),
  'master-key-unwritable': entry(
    'broken',
    [
      'Không tạo được khóa chủ',
      'Không ghi được {file} ({reason}); cấp quyền ghi, hoặc đặt MOTCUA_MASTER_KEY_FILE.',
    ],
    [
      'The master key cannot be made',
      'Cannot write {file} ({reason}); allow it, or set MOTCUA_MASTER_KEY_FILE to a file with a key.',
    ],
  ),
  'master-key-missing': entry(
    'unavailable',
    [
      'Thiếu khóa chủ',
      'Dữ liệu cá nhân được khóa dưới khóa chủ {id}, không có trong {where} (có: {known}); hãy đưa khóa đó trở lại.',
    ],
    [
      'The master key is missing',
      'Keys of persons are wrapped under master key {id}, which is not in {where} (known: {known}); put it back from its copy, or set MOTCUA_MASTER_KEY_FILE to the file that has it.',
    ],
  ),
  'person-key-damaged': entry(
    'broken',
    ['Khóa của một người bị hỏng', 'Khóa của {subject} đã bị sửa đổi; hãy khôi phục kho khóa từ bản sao.'],
    [
      'The key of a person is damaged',
      'The key of subject {subject} was changed in the key store; restore the keys from a copy.',
    ],
  ),
  'sealed-part-damaged': entry(
    'broken',
    [
      'Dữ liệu cá nhân bị sửa đổi',
      'Phần {part} của {subject} không còn như khi được khóa; chạy `motcua verify`.',
    ],
    [
      'Sealed personal data were changed',
      'Part {part} of subject {subject} is not what was sealed; run `motcua verify`.',
    ],
  ),
};
