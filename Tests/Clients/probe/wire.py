"""Requests of the probe: signed by a small signer of its own, so that they can be wrong on purpose.

Reads the S3TEST_ variables that say where the server is. A check returns what was seen, and fails by
an assertion.
"""
import base64, binascii, datetime, hashlib, hmac, http.client, http.server, json, os
import socket, ssl, sys, threading, time, traceback, uuid, zlib
import xml.etree.ElementTree as ET
from urllib.parse import quote, unquote_plus, urlsplit

E = os.environ
P = E.get('ENV_PREFIX', 'S3TEST') + '_'
EP = E[P + 'ENDPOINT']
TLS = E.get(P + 'TLS_ENDPOINT')
VH = E.get(P + 'VHOST_ENDPOINT')
CA = E.get(P + 'CA_FILE')
AK, SK = E[P + 'ACCESS_KEY_ID'], E[P + 'SECRET_ACCESS_KEY']
AK2, SK2 = E.get(P + 'OTHER_ACCESS_KEY_ID'), E.get(P + 'OTHER_SECRET_ACCESS_KEY')
REGION = E.get(P + 'REGION', 'us-east-1')
STS = E.get(P + 'STS_ENDPOINT')
SNS = E.get(P + 'SNS_ENDPOINT')
UNSIGNED = 'UNSIGNED-PAYLOAD'
RUN = uuid.uuid4().hex[:8]
BUCKET = E.get(P + 'BUCKET') or 'probe-' + RUN
FIXED_BUCKET = bool(E.get(P + 'BUCKET'))


def sha(b): return hashlib.sha256(b).hexdigest()
def hm(k, m): return hmac.new(k, m.encode(), hashlib.sha256).digest()
def md5b64(b): return base64.b64encode(hashlib.md5(b).digest()).decode()
def sha256b64(b): return base64.b64encode(hashlib.sha256(b).digest()).decode()
def q(s): return quote(s, safe='-_.~')
def enc_path(p): return quote(p, safe='/-_.~')


def _crc_table(poly, bits):
    t = []
    for i in range(256):
        c = i
        for _ in range(8):
            c = (c >> 1) ^ poly if c & 1 else c >> 1
        t.append(c)
    return t


T32C, T64 = _crc_table(0x82F63B78, 32), _crc_table(0x9A6C9329AC4BC9B5, 64)


def _crc(data, table, bits):
    m = (1 << bits) - 1
    c = m
    for b in data:
        c = (c >> 8) ^ table[(c ^ b) & 0xff]
    return base64.b64encode((c ^ m).to_bytes(bits // 8, 'big')).decode()


def crc32c(b): return _crc(b, T32C, 32)
def crc64nvme(b): return _crc(b, T64, 64)
def crc32(b): return base64.b64encode((zlib.crc32(b) & 0xffffffff).to_bytes(4, 'big')).decode()


class R:
    def __init__(self, status, headers, body):
        self.status, self.h, self.body = status, headers, body
        self.code = ''
        if body[:1] == b'<' or b'<Code>' in body[:600]:
            try:
                for e in ET.fromstring(body).iter():
                    if e.tag.split('}')[-1] == 'Code':
                        self.code = e.text or ''
                        break
            except ET.ParseError:
                self.code = '(bad xml)'

    def __repr__(self): return f'{self.status} {self.code}'.strip()


class Signer:
    def __init__(self, ak=AK, sk=SK, token=None, region=REGION, service='s3'):
        self.ak, self.sk, self.token, self.region, self.service = ak, sk, token, region, service

    def key(self, day):
        return hm(hm(hm(hm(('AWS4' + self.sk).encode(), day), self.region), self.service), 'aws4_request')

    def scope(self, day): return f'{day}/{self.region}/{self.service}/aws4_request'

    def sig(self, amzdate, canon):
        day = amzdate[:8]
        sts = '\n'.join(['AWS4-HMAC-SHA256', amzdate, self.scope(day), sha(canon.encode('utf-8', 'surrogateescape'))])
        return hmac.new(self.key(day), sts.encode(), hashlib.sha256).hexdigest()


ME = Signer()


def canon(method, path, query, hdrs, signed, payload):
    qs = '&'.join(f'{k}={v}' for k, v in sorted((q(str(k)), q(str(v))) for k, v in query))
    hs = ''.join(f'{k}:{" ".join(str(hdrs[k]).split())}\n' for k in signed)
    return '\n'.join([method, path, qs, hs, ';'.join(signed), payload])


def conn(endpoint, timeout=60):
    u = urlsplit(endpoint)
    # The name in the endpoint goes into Host; the connection itself is to loopback.
    if u.scheme == 'https':
        ctx = ssl.create_default_context(cafile=CA)
        c = http.client.HTTPSConnection(u.hostname, u.port, context=ctx, timeout=timeout)
        c._create_connection = lambda a, *r, **k: socket.create_connection(('127.0.0.1', a[1]), *r, **k)
    else:
        c = http.client.HTTPConnection('127.0.0.1', u.port, timeout=timeout)
    return c


def prepare(method, path, query=(), headers=None, body=b'', sign='header', signer=ME, payload=None,
            host=None, endpoint=EP, expires=300, when=None, extra_signed=(), unsigned_headers=None, raw_path=None):
    """-> (target, headers, signature)"""
    query = list(query.items() if isinstance(query, dict) else query)
    u = urlsplit(endpoint)
    host = host or u.netloc
    when = when or datetime.datetime.now(datetime.timezone.utc)
    amz = when.strftime('%Y%m%dT%H%M%SZ')
    day = amz[:8]
    h = {k.lower(): v for k, v in (headers or {}).items()}
    h['host'] = host
    path = raw_path or enc_path(path)
    sig = None
    if sign == 'header':
        h['x-amz-date'] = amz
        h['x-amz-content-sha256'] = payload or sha(body)
        if signer.token:
            h['x-amz-security-token'] = signer.token
        signed = sorted(k for k in h if k not in ('content-length', 'expect', 'connection', 'transfer-encoding') or k in extra_signed)
        sig = signer.sig(amz, canon(method, path, query, h, signed, h['x-amz-content-sha256']))
        h['authorization'] = (f'AWS4-HMAC-SHA256 Credential={signer.ak}/{signer.scope(day)}, '
                              f'SignedHeaders={";".join(signed)}, Signature={sig}')
    elif sign == 'query':
        signed = sorted(['host'] + [k for k in h if k != 'host'])
        query += [('X-Amz-Algorithm', 'AWS4-HMAC-SHA256'), ('X-Amz-Credential', f'{signer.ak}/{signer.scope(day)}'),
                  ('X-Amz-Date', amz), ('X-Amz-Expires', str(expires)), ('X-Amz-SignedHeaders', ';'.join(signed))]
        if signer.token:
            query.append(('X-Amz-Security-Token', signer.token))
        sig = signer.sig(amz, canon(method, path, query, h, signed, payload or UNSIGNED))
        query.append(('X-Amz-Signature', sig))
    h.update({k.lower(): v for k, v in (unsigned_headers or {}).items()})
    target = path + ('?' + '&'.join(f'{q(str(k))}={q(str(v))}' if v != '' or sign == 'query' else q(str(k)) for k, v in query) if query else '')
    return target, h, sig


def send(method, target, h, body=b'', endpoint=EP, timeout=60):
    c = conn(endpoint, timeout)
    try:
        c.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        if 'content-length' not in h and 'transfer-encoding' not in h and (body or method in ('PUT', 'POST')):
            h = {**h, 'content-length': str(len(body))}
        for k, v in h.items():
            c.putheader(k, v if isinstance(v, bytes) else str(v).encode('utf-8'))
        c.endheaders()
        try:
            if body:
                c.send(body)
        except (BrokenPipeError, ConnectionResetError):
            pass
        r = c.getresponse()
        return R(r.status, r.headers, r.read())
    finally:
        c.close()


def req(method, path, query=(), headers=None, body=b'', endpoint=EP, timeout=60, **kw):
    t, h, _ = prepare(method, path, query, headers, body, endpoint=endpoint, **kw)
    return send(method, t, h, body, endpoint, timeout)


def put(key, body=b'hello', headers=None, bucket=None, **kw): return req('PUT', f'/{bucket or BUCKET}/{key}', (), headers, body, **kw)
def get(key, query=(), headers=None, bucket=None, **kw): return req('GET', f'/{bucket or BUCKET}/{key}', query, headers, **kw)


def presigned(method, key, query=(), headers=None, tamper=False, send_headers=None, body=b'', bucket=None, endpoint=EP, **kw):
    t, h, _ = prepare(method, f'/{bucket or BUCKET}/{key}', query, headers, sign='query', endpoint=endpoint, **kw)
    if tamper:
        t = t[:-1] + ('0' if t[-1] != '0' else '1')
    h.update(send_headers or {})
    return send(method, t, h, body, endpoint)


def want(r, status, code=None):
    ok = r.status in (status if isinstance(status, (tuple, list)) else (status,))
    if ok and code and r.code:
        ok = r.code in (code if isinstance(code, (tuple, list)) else (code,))
    assert ok, f'got {r}, wanted {status} {code or ""}'.strip()
    return r


TESTS = []


def t(group, name):
    def d(f):
        TESTS.append((group, name, f))
        return f
    return d


def boto(service='s3', endpoint=None, ak=AK, sk=SK, token=None, **cfg):
    import boto3
    from botocore.config import Config
    cfg.setdefault('s3', {'addressing_style': 'path'})
    cfg.setdefault('retries', {'max_attempts': 1})
    return boto3.client(service, endpoint_url=endpoint or EP, aws_access_key_id=ak, aws_secret_access_key=sk,
                        aws_session_token=token, region_name=REGION, verify=CA if (endpoint or EP).startswith('https') else None,
                        config=Config(signature_version='s3v4' if service == 's3' else None, connect_timeout=5, read_timeout=60, **cfg))


def fails(f, *codes):
    from botocore.exceptions import ClientError
    try:
        f()
    except ClientError as e:
        c = e.response['Error'].get('Code')
        s = e.response['ResponseMetadata']['HTTPStatusCode']
        assert not codes or c in codes or str(s) in codes, f'got {s} {c}, wanted {codes}'
        return f'{s} {c}'
    raise AssertionError(f'was accepted, wanted {codes}')


def xml_find(body, tag):
    for e in ET.fromstring(body).iter():
        if e.tag.split('}')[-1] == tag:
            return e.text
def mp_create(key, headers=None):
    r = want(req('POST', f'/{BUCKET}/{key}', {'uploads': ''}, headers), 200); return xml_find(r.body, 'UploadId')
def mp_part(key, u, n, body, headers=None, **kw): return req('PUT', f'/{BUCKET}/{key}', {'partNumber': n, 'uploadId': u}, headers, body, **kw)
def mp_complete(key, u, parts, headers=None, extra=lambda n: '', endpoint=EP):
    x = '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' + ''.join(f'<Part><PartNumber>{n}</PartNumber><ETag>{e}</ETag>{extra(n)}</Part>' for n, e in parts) + '</CompleteMultipartUpload>'
    r = req('POST', f'/{BUCKET}/{key}', {'uploadId': u}, headers, x.encode(), endpoint=endpoint)
    if r.status == 200 and r.code: r.status = 299   # an error inside a 200
    return r
def mp_abort(key, u): return req('DELETE', f'/{BUCKET}/{key}', {'uploadId': u})
M5 = b'p' * (5 << 20)
