import { entry, type ProblemText } from './entry.js';

/** What an installation is told about how it is watched. */
export const OPERATION_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'log-level-wrong': entry(
    'malformed',
    ['LOG_LEVEL không đúng', 'LOG_LEVEL là một trong: {known}; không phải "{given}".'],
    ['LOG_LEVEL is wrong', 'LOG_LEVEL must be one of: {known}; not "{given}".'],
  ),
  'public-url-wrong': entry(
    'malformed',
    [
      'MOTCUA_PUBLIC_URL không đúng',
      'MOTCUA_PUBLIC_URL chỉ gồm giao thức, tên máy và cổng, thí dụ https://motcua.example.vn; không phải "{given}".',
    ],
    [
      'MOTCUA_PUBLIC_URL is wrong',
      'MOTCUA_PUBLIC_URL is scheme, host and port only, such as https://motcua.example.vn; not "{given}".',
    ],
  ),
  'lag-limit-wrong': entry(
    'malformed',
    [
      'MOTCUA_LAG_LIMIT_SECONDS không đúng',
      'MOTCUA_LAG_LIMIT_SECONDS là số giây lớn hơn 0, không phải "{given}".',
    ],
    ['MOTCUA_LAG_LIMIT_SECONDS is wrong', 'MOTCUA_LAG_LIMIT_SECONDS must be seconds above 0, not "{given}".'],
  ),
  'drain-wrong': entry(
    'malformed',
    [
      'MOTCUA_DRAIN_SECONDS không đúng',
      'MOTCUA_DRAIN_SECONDS là số giây từ 0 đến {most}, không phải "{given}".',
    ],
    ['MOTCUA_DRAIN_SECONDS is wrong', 'MOTCUA_DRAIN_SECONDS must be 0 to {most} seconds, not "{given}".'],
  ),
};
