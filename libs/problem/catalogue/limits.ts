import { entry, type ProblemText } from './entry.js';

/** What happened too often. */
export const LIMIT_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'too-many-attempts': entry(
    'too-many',
    ['Quá nhiều lần thử', 'Đợi {retryAfter} giây rồi đăng nhập lại.'],
    ['Too many attempts', 'Wait {retryAfter} seconds, then sign in again.'],
  ),
  'too-many-requests': entry(
    'too-many',
    ['Quá nhiều yêu cầu', 'Chỉ được {quota} yêu cầu trong {window} giây; đợi {retryAfter} giây rồi gửi lại.'],
    [
      'Too many requests',
      'At most {quota} requests in {window} seconds; wait {retryAfter} seconds and send it again.',
    ],
  ),
  'trusted-proxy-wrong': entry(
    'malformed',
    [
      'MOTCUA_TRUSTED_PROXIES không đúng',
      '{given} không phải địa chỉ IP hay mạng, ví dụ 10.0.0.5 hoặc 10.0.0.0/8; không dùng tên máy.',
    ],
    [
      'MOTCUA_TRUSTED_PROXIES is wrong',
      '{given} is no IP address or network, such as 10.0.0.5 or 10.0.0.0/8; names are not taken.',
    ],
  ),
  'request-limit-wrong': entry(
    'malformed',
    [
      'Giới hạn không đúng',
      '{setting} là số yêu cầu trong một phút, 0 là không giới hạn; không phải {given}.',
    ],
    ['The limit is wrong', '{setting} is a number of requests in a minute, 0 for no limit; not {given}.'],
  ),
};
