/** A JSON value, as RFC 8259 knows it. Numbers must be finite, strings must be well-formed Unicode without NUL. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}
