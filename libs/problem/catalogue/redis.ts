import { entry, type ProblemText } from './entry.js';

/** A Redis that cannot be used as it is. */
export const REDIS_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'redis-url-wrong': entry(
    'malformed',
    [
      'REDIS_URL không đúng',
      'Phần {part} của REDIS_URL sai; viết theo một trong các dạng {forms}; rediss là TLS.',
    ],
    ['REDIS_URL is wrong', 'The {part} of REDIS_URL is wrong; write one of {forms}; with rediss for TLS.'],
  ),
  'redis-ca-unreadable': entry(
    'broken',
    ['Không đọc được chứng chỉ của Redis', 'Không đọc được {file} ({reason}); sửa ca trong REDIS_URL.'],
    ['The certificates for Redis cannot be read', 'Cannot read {file} ({reason}); mend ca in REDIS_URL.'],
  ),
  'redis-unreachable': entry(
    'unavailable',
    ['Không kết nối được Redis', '{address} không trả lời ({reason}); kiểm tra máy chủ và REDIS_URL.'],
    ['Redis cannot be reached', '{address} does not answer ({reason}); check the server and REDIS_URL.'],
  ),
  'redis-login-refused': entry(
    'broken',
    [
      'Redis từ chối đăng nhập',
      '{address} không nhận tài khoản hoặc mật khẩu, hoặc tài khoản thiếu quyền; kiểm tra REDIS_URL.',
    ],
    [
      'Redis refuses the login',
      '{address} does not take that user or password, or allows it too little; check REDIS_URL.',
    ],
  ),
  'redis-database-missing': entry(
    'broken',
    [
      'Redis không có cơ sở dữ liệu này',
      '{address} không có cơ sở dữ liệu số {db}; sửa số ở cuối REDIS_URL (thường từ 0 đến 15).',
    ],
    [
      'Redis does not have this database',
      '{address} has no database number {db}; mend the number in REDIS_URL (mostly 0 to 15).',
    ],
  ),
  'redis-too-old': entry(
    'broken',
    ['Redis quá cũ', '{address} chạy Redis {found}; cần bản {needed} trở lên.'],
    ['Redis is too old', '{address} runs Redis {found}; version {needed} or newer is needed.'],
  ),
  'redis-evicts': entry(
    'broken',
    [
      'Redis được phép bỏ dữ liệu',
      '{address} có maxmemory-policy {policy}, có thể làm mất công việc; đặt maxmemory-policy noeviction (CONFIG SET và redis.conf, hoặc tham số của nhà cung cấp).',
    ],
    [
      'Redis may throw data away',
      '{address} has maxmemory-policy {policy} and may lose jobs; set maxmemory-policy noeviction (CONFIG SET and redis.conf, or the parameters of the provider).',
    ],
  ),
};
