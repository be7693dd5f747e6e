import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A new key and a certificate for 127.0.0.1, signed by itself, so that no key has to be kept anywhere. */
export function selfSignedCertificate(): { readonly key: Buffer; readonly certificate: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(publicKey);
  const signature = createSign('SHA256').update(body).sign(privateKey);
  const der = sequence(body, ECDSA_SHA256, bitString(signature));
  const lines = der.toString('base64').replace(/(.{64})/g, '$1\n');
  return {
    key: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    certificate: Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`),
  };
}

function toBeSigned(publicKey: KeyObject): Buffer {
  const name = sequence(set(sequence(COMMON_NAME, tagged(0x0c, Buffer.from('stand-in')))));
  const validity = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'));
  const serial = tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const address = sequence(tagged(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(sequence(SUBJECT_ALT_NAME, tagged(0x04, address)));
  return sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    serial,
    ECDSA_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, extensions),
  );
}

/** DER: a tag, the length, the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function bitString(content: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), content]));
}

function utcTime(text: string): Buffer {
  return tagged(0x17, Buffer.from(text));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const COMMON_NAME = oid('550403');
const SUBJECT_ALT_NAME = oid('551d11');
