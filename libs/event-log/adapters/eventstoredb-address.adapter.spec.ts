import { describe, expect, it } from '@jest/globals';
import { readEventStoreAddress } from './eventstoredb-address.adapter.js';

describe('the address of an EventStoreDB', () => {
  it.each([
    ['esdb://localhost:2113?tls=false', 'esdb://localhost:2113?tls=false', 'esdb://localhost:2113'],
    ['kurrentdb://node1?tls=false', 'esdb://node1?tls=false', 'esdb://node1'],
    [
      'kurrentdb+discover://ops:p%40ss@db.example:2113',
      'esdb+discover://ops:p%40ss@db.example:2113',
      'esdb+discover://db.example:2113',
    ],
    [
      'esdb://ops:secret@a:2113,b:2113,c:2113/?nodePreference=leader',
      'esdb://ops:secret@a:2113,b:2113,c:2113?nodePreference=leader',
      'esdb://a:2113,b:2113,c:2113',
    ],
  ])('takes %s', (url, connectionString, shown) => {
    expect(readEventStoreAddress(url)).toMatchObject({ connectionString, shown });
  });

  it('has the usual port, and TLS unless it says otherwise', () => {
    expect(readEventStoreAddress('esdb+discover://db.example')).toMatchObject({
      firstHost: 'db.example:2113',
      tls: true,
    });
  });

  it('tells a certificate that is not there from a wrong address', () => {
    expect(() => readEventStoreAddress('esdb://host?tlsCAFile=%2Fnot%2Fthere')).toThrow(
      'event-store-certificate-missing',
    );
  });

  it.each([
    'postgres://localhost/motcua',
    'http://localhost:2113',
    'localhost:2113',
    'esdb://',
    'esdb://a:b:c',
    'esdb://ops:se@cret@host',
    'esdb://host?tls=perhaps',
    'esdb://host:99999999',
  ])('refuses %s', (url) => {
    expect(() => readEventStoreAddress(url)).toThrow('event-store-url-wrong');
  });

  // Without the check the client connects without login, and the server refuses or, worse, is open.
  it('J: refuses a password that the client would leave out, and does not repeat it', () => {
    expect(() => readEventStoreAddress('esdb://ops:secret@host:2113?tls=false')).toThrow(
      'event-store-password-unprotected',
    );
    expect(() => readEventStoreAddress('esdb://ops:secret@host:2113?tls=false')).not.toThrow('secret');
  });

  it.each([
    ['F: wrong revisions instead of refusals', 'throwOnAppendFailure=false'],
    ['F: in any spelling', 'throw_on-appendfailure=false'],
    ['H: no keep-alive', 'keepAliveInterval=-1'],
    ['H: no keep-alive', 'keepAliveTimeout=-1'],
    ['what the client does not do', 'tlsVerifyCert=false'],
    ['what the client does not know, and would print with the password', 'tsl=true'],
  ])('refuses %s (%s)', (_, option) => {
    expect(() => readEventStoreAddress(`esdb://host:2113?${option}`)).toThrow('event-store-option-refused');
  });
});
