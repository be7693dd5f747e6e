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
  'keys-lost': entry(
    'unavailable',
    [
      'Mất khóa của mọi người',
      'Nhật ký có dữ liệu cá nhân đã khóa nhưng kho khóa không có khóa nào; chạy `motcua keys import --from TỆP`, hoặc `motcua keys give-up` nếu không còn bản sao.',
    ],
    [
      'The keys of persons are lost',
      'The log has sealed personal data and the key store has no key; run `motcua keys import --from FILE`, or `motcua keys give-up` if there is no copy.',
    ],
  ),
  'keys-give-up-unconfirmed': entry(
    'conflict',
    [
      'Chưa xác nhận từ bỏ khóa',
      '{count} người không còn khóa: dữ liệu cá nhân của họ sẽ mất vĩnh viễn. Chưa có gì thay đổi; thêm --yes để thực hiện.',
    ],
    [
      'Giving up keys was not confirmed',
      '{count} persons have no key: their personal data would be lost for good. Nothing was changed; --yes does it.',
    ],
  ),
  'keys-busy': entry(
    'conflict',
    ['Kho khóa đang được thay đổi', 'Một lệnh `motcua keys` khác đang chạy; hãy chờ nó xong.'],
    ['The key store is being changed', 'Another `motcua keys` command is running; wait for it to end.'],
  ),
  'keys-before-log': entry(
    'conflict',
    ['Nhật ký còn trống', 'Nhật ký cho biết ai đã được xóa; hãy khôi phục nhật ký trước, rồi nhập {file}.'],
    [
      'The log is empty',
      'The log tells who was erased: restore it first, then import {file}. Nothing was imported.',
    ],
  ),
  'keys-of-another-installation': entry(
    'conflict',
    [
      'Khóa của nơi cài đặt khác',
      '{file} thuộc nơi cài đặt khác, và kho này đã có khóa; hãy nhập vào một kho trống.',
    ],
    [
      'Keys of another installation',
      '{file} is of another installation, and this store holds keys already; import it into an empty one. Nothing was imported.',
    ],
  ),
  'keys-file-unreadable': entry(
    'unknown',
    ['Không đọc được tệp khóa', 'Không đọc được {file} ({reason}).'],
    ['The file of keys cannot be read', 'Cannot read {file} ({reason}).'],
  ),
  'keys-file-foreign': entry(
    'malformed',
    ['Không phải tệp khóa của motcua', '{file} không do `motcua keys export` tạo ra.'],
    ['No file of keys', '{file} was not made by `motcua keys export`. Nothing was imported.'],
  ),
  'keys-file-newer': entry(
    'malformed',
    [
      'Tệp khóa của phiên bản mới hơn',
      '{file} ở định dạng {version}, bản này đọc {known}; hãy dùng bản motcua mới hơn.',
    ],
    [
      'The file of keys is of a newer version',
      '{file} has format {version}, this version reads {known}; use the newer motcua. Nothing was imported.',
    ],
  ),
  'keys-file-cut-off': entry(
    'malformed',
    ['Tệp khóa bị cụt', '{file} dừng sau {lines} dòng, thiếu phần cuối; hãy lấy bản khác.'],
    [
      'The file of keys is cut off',
      '{file} ends after {lines} lines, without its closing line; take another copy. Nothing was imported.',
    ],
  ),
  'keys-file-changed': entry(
    'malformed',
    ['Tệp khóa bị sửa đổi', '{file}, dòng {line}: {reason}; hãy lấy bản khác.'],
    [
      'The file of keys was changed',
      '{file}, line {line}: {reason}; take another copy. Nothing was imported.',
    ],
  ),
};
