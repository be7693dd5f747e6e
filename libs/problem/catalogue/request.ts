import { entry, type ProblemText } from './entry.js';

/** What is wrong with a request before anyone looks at what it asks. */
export const REQUEST_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'invalid-request': entry(
    'malformed',
    ['Yêu cầu không hợp lệ', 'Có trường chưa đúng; xem danh sách lỗi và sửa từng trường.'],
    ['Invalid request', 'Some fields are wrong; see the list of errors and mend each of them.'],
  ),
  'body-not-json': entry(
    'malformed',
    ['Nội dung không phải JSON', 'Gửi một đối tượng JSON hợp lệ, mã UTF-8.'],
    ['The body is not JSON', 'Send one valid JSON object in UTF-8.'],
  ),
  'body-too-deep': entry(
    'malformed',
    ['JSON lồng quá sâu', 'Chỉ được lồng tối đa {max} cấp.'],
    ['JSON nested too deeply', 'Nest at most {max} levels.'],
  ),
  'body-too-large': entry(
    'too-large',
    ['Nội dung quá lớn', 'Gửi tối đa {maxBytes} byte.'],
    ['The body is too large', 'Send at most {maxBytes} bytes.'],
  ),
  'request-too-slow': entry(
    'too-slow',
    ['Yêu cầu đến quá chậm', 'Đường truyền quá chậm hoặc bị ngắt quãng; gửi lại cả yêu cầu.'],
    ['The request came too slowly', 'The line is too slow or was interrupted; send the whole request again.'],
  ),
  'media-type-unsupported': entry(
    'unsupported',
    ['Không nhận kiểu nội dung này', 'Gửi với Content-Type: application/json.'],
    ['Unsupported content type', 'Send with Content-Type: application/json.'],
  ),
  'not-found': entry(
    'unknown',
    ['Không có địa chỉ này', 'Xem danh sách địa chỉ tại /api.'],
    ['No such address', 'The addresses are listed at /api.'],
  ),
  'host-refused': entry(
    'forbidden',
    [
      'Không nhận tên máy này',
      'Chỉ nhận yêu cầu gửi tới 127.0.0.1, localhost, [::1] và các tên trong MOTCUA_ALLOWED_HOSTS.',
    ],
    [
      'This host name is refused',
      'Only requests for 127.0.0.1, localhost, [::1] and the names in MOTCUA_ALLOWED_HOSTS are taken.',
    ],
  ),
  forbidden: entry(
    'forbidden',
    [
      'Không được phép',
      'Vai trò của tài khoản không cho làm việc này ở đây; bảng phân quyền ở docs/access.md.',
    ],
    [
      'Not allowed',
      'The roles of the account do not allow this here; who may do what stands in docs/access.md.',
    ],
  ),
  'reason-missing': entry(
    'forbidden',
    [
      'Cần nêu lý do',
      'Ngoài đơn vị của mình, chỉ được xem khi nêu lý do trong tiêu đề X-Reason; lý do được ghi lại.',
    ],
    [
      'A reason is needed',
      'What is not of your own units is shown for a stated reason only: send it in X-Reason; it is written down.',
    ],
  ),
  'reason-malformed': entry(
    'malformed',
    ['X-Reason không hợp lệ', 'Lý do gồm 3–500 ký tự, UTF-8, mã hóa phần trăm.'],
    ['Malformed X-Reason', 'A reason is 3 to 500 characters of UTF-8, percent-encoded.'],
  ),
  'idempotency-key-missing': entry(
    'malformed',
    [
      'Thiếu Idempotency-Key',
      'Gửi một khóa riêng cho mỗi thao tác trong tiêu đề Idempotency-Key; gửi lại thì dùng lại khóa đó.',
    ],
    [
      'Idempotency-Key is missing',
      'Send a key of its own for each command in the header Idempotency-Key; a retry uses the same key.',
    ],
  ),
  'idempotency-key-malformed': entry(
    'malformed',
    ['Idempotency-Key không hợp lệ', 'Khóa gồm 1–200 ký tự ASCII nhìn thấy được.'],
    ['Malformed Idempotency-Key', 'A key is 1 to 200 visible ASCII characters.'],
  ),
  'idempotency-key-reused': entry(
    'impossible',
    ['Khóa đã dùng cho nội dung khác', 'Dùng một Idempotency-Key mới cho nội dung mới.'],
    ['The key was used with other content', 'Use a new Idempotency-Key for new content.'],
  ),
  'command-in-progress': entry(
    'conflict',
    ['Thao tác cùng khóa đang chạy', 'Đợi vài giây rồi gửi lại với chính khóa này.'],
    ['The same command is in progress', 'Wait a few seconds and send it again with the same key.'],
  ),
  'too-busy': entry(
    'conflict',
    ['Nhiều người cùng ghi một lúc', 'Chưa ghi được gì; hãy gửi lại với chính khóa này.'],
    ['Many are writing at once', 'Nothing was recorded; send it again with the same key.'],
  ),
  'if-match-missing': entry(
    'precondition',
    ['Thiếu If-Match', 'Đọc hồ sơ, rồi gửi phiên bản đã thấy trong If-Match, ví dụ If-Match: "3".'],
    [
      'If-Match is missing',
      'Read the dossier and state the revision you saw in If-Match, for example If-Match: "3".',
    ],
  ),
  'if-match-malformed': entry(
    'malformed',
    ['If-Match không hợp lệ', 'If-Match là một số phiên bản trong ngoặc kép, ví dụ "3".'],
    ['Malformed If-Match', 'If-Match is one revision in quotation marks, for example "3".'],
  ),
  'internal-error': entry(
    'broken',
    ['Lỗi nội bộ', 'Đã ghi lại lỗi với mã {correlationId}; hãy báo người quản trị.'],
    ['Internal error', 'The error was logged under {correlationId}; tell the administrator.'],
  ),
  'request-malformed': entry(
    'malformed',
    ['Yêu cầu HTTP không đúng', 'Dòng đầu hoặc tiêu đề của yêu cầu không phải HTTP/1.1.'],
    ['Not a proper HTTP request', 'The first line or the headers are not HTTP/1.1.'],
  ),
  'headers-too-large': entry(
    'headers-too-large',
    ['Tiêu đề quá lớn', 'Các tiêu đề cộng lại tối đa 16 KB.'],
    ['The headers are too large', 'All headers together may have at most 16 KB.'],
  ),
};
