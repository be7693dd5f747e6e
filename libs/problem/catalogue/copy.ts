import { entry, type ProblemText } from './entry.js';

/** Moving a log to another engine, backup and restore. */
export const COPY_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'target-holds-other-events': entry(
    'conflict',
    [
      'Nơi nhận đã có sự kiện khác',
      'Nơi nhận có sự kiện {id} ({stream}, phiên bản {revision}, vị trí {position}) mà nguồn không có ở đó; hãy chọn một nơi trống.',
    ],
    [
      'The target holds other events',
      'The target holds event {id} ({stream}, revision {revision}, position {position}), which the source does not have there; nothing was changed. Take an empty target.',
    ],
  ),
  'target-is-ahead': entry(
    'conflict',
    [
      'Nơi nhận đi trước nguồn',
      'Nơi nhận có mọi sự kiện của nguồn và đã ghi tiếp từ {stream}, phiên bản {revision} (vị trí {position}); không có gì để chép.',
    ],
    [
      'The target is ahead of the source',
      'The target holds every event of the source and goes on with {stream}, revision {revision} (position {position}): it was written to since. There is nothing to copy.',
    ],
  ),
  'log-does-not-verify': entry(
    'conflict',
    [
      'Nhật ký nguồn không khớp mã băm',
      'Sự kiện {id} ({stream}, phiên bản {revision}, vị trí {position}): {finding}; chạy verify để xem tất cả, hoặc thêm --despite-findings.',
    ],
    [
      'The source log does not verify',
      'Event {id} ({stream}, revision {revision}, position {position}) is a finding: {finding}. See all findings by `verify`, and go on with --despite-findings if you accept them.',
    ],
  ),
  'event-not-taken': entry(
    'conflict',
    [
      'Nơi nhận không nhận sự kiện',
      'Nơi nhận từ chối các sự kiện từ {stream}, phiên bản {revision}: {reason}.',
    ],
    [
      'The target does not take an event',
      'The target refuses the events from {stream}, revision {revision} on: {reason}. Events before it in its stream are missing in the source.',
    ],
  ),
  'copies-differ': entry(
    'broken',
    [
      'Hai nhật ký không giống nhau',
      'Sau {after} sự kiện giống nhau thì khác ở {what}: nguồn {source}, nơi nhận {target}.',
    ],
    [
      'The two logs are not equal',
      'After {after} equal events they differ in {what}: {source} in the source, {target} in the target. Do not use the target.',
    ],
  ),
  'place-unknown': entry(
    'malformed',
    ['Không rõ nơi này', '{where}: viết embedded, embedded:THƯ-MỤC, postgresql://… hoặc esdb://….'],
    ['Unknown place', '{where} is no place: write embedded, embedded:FOLDER, postgresql://… or esdb://….'],
  ),
  'places-equal': entry(
    'malformed',
    ['Nguồn và nơi nhận là một', '--from và --to đều là {where}.'],
    ['Source and target are one', '--from and --to are both {where}.'],
  ),
  'places-same-log': entry(
    'malformed',
    ['Nguồn và nơi nhận là một', '{source} và {target} là một cơ sở dữ liệu; hãy chọn nơi nhận khác.'],
    ['Source and target are one', '{source} and {target} are the same database; take another target.'],
  ),
  'place-empty': entry(
    'conflict',
    ['Nguồn trống', 'Không có sự kiện nào trong {where}; kiểm tra {setting}.'],
    ['The source is empty', 'There is no event in {where}; check {setting}.'],
  ),
  'service-still-running': entry(
    'conflict',
    ['motcua vẫn đang chạy', 'Chương trình motcua khác còn dùng {where}; hãy dừng rồi chạy lại lệnh này.'],
    [
      'motcua is still running',
      'Other programs of motcua use {where}: stop service, workers and commands, then run this command again.',
    ],
  ),
  'migrate-beside-service': entry(
    'conflict',
    [
      'motcua vẫn đang chạy',
      'Chương trình motcua khác còn dùng {where}; hãy dừng rồi chạy lại lệnh này, hoặc chép trước một phần bằng --while-running.',
    ],
    [
      'motcua is still running',
      'Other programs of motcua use {where}: stop service, workers and commands, then run this command again; with --while-running it copies a first part meanwhile.',
    ],
  ),
  'copy-already-running': entry(
    'conflict',
    ['Đang có lệnh chép khác', 'Một lệnh chép khác đang ghi vào {where}; hãy chờ nó xong.'],
    ['Another copy is running', 'Another command is copying into {where}; wait for it to end.'],
  ),
  'backup-exists': entry(
    'conflict',
    ['Tệp đã có', '{file} đã có và được giữ nguyên; hãy chọn tên khác.'],
    ['The file exists', '{file} exists and was left as it is; take another name.'],
  ),
  'backup-unwritable': entry(
    'broken',
    ['Không ghi được tệp sao lưu', 'Không ghi được {file} ({reason}); kiểm tra thư mục và quyền.'],
    ['The backup cannot be written', 'Cannot write {file} ({reason}); check the folder and its rights.'],
  ),
  'backup-unreadable': entry(
    'unknown',
    ['Không đọc được tệp sao lưu', 'Không đọc được {file} ({reason}).'],
    ['The backup cannot be read', 'Cannot read {file} ({reason}).'],
  ),
  'backup-foreign': entry(
    'malformed',
    ['Không phải bản sao lưu của motcua', '{file} không do `motcua backup` tạo ra.'],
    ['No backup of motcua', '{file} was not made by `motcua backup`. Nothing was restored.'],
  ),
  'backup-newer': entry(
    'malformed',
    [
      'Bản sao lưu của phiên bản mới hơn',
      '{file}: {found}; bản này đọc {known}. Hãy dùng bản motcua mới hơn.',
    ],
    [
      'The backup is of a newer version',
      '{file} has {found}, this version reads {known}; use the newer motcua. Nothing was restored.',
    ],
  ),
  'backup-cut-off': entry(
    'malformed',
    ['Bản sao lưu bị cụt', '{file} dừng sau {lines} dòng, thiếu phần cuối; hãy lấy bản khác.'],
    [
      'The backup is cut off',
      '{file} ends after {lines} lines, without its closing line; take another copy. Nothing was restored.',
    ],
  ),
  'backup-changed': entry(
    'malformed',
    ['Bản sao lưu bị sửa đổi', '{file}, dòng {line}: {reason}; hãy lấy bản khác.'],
    ['The backup was changed', '{file}, line {line}: {reason}; take another copy. Nothing was restored.'],
  ),
};
