"""Signatures by header, presigned URLs and forms."""

from probe.wire import *


# ---- authentication ---------------------------------------------------------
@t('auth', 'right signature accepted')
def _(): return str(want(put('auth'), 200))
@t('auth', 'wrong secret refused (403 SignatureDoesNotMatch)')
def _(): return str(want(get('auth', signer=Signer(sk='x' * 40)), 403))
@t('auth', 'wrong secret refused on PUT')
def _(): return str(want(put('auth2', signer=Signer(sk='x' * 40)), 403))
@t('auth', 'unknown access key refused (403 InvalidAccessKeyId)')
def _(): return str(want(get('auth', signer=Signer(ak='NOSUCHKEY00000000000')), 403))
@t('auth', 'anonymous refused (403 AccessDenied)')
def _(): return str(want(get('auth', sign=None), 403))
@t('auth', 'body not matching x-amz-content-sha256 refused (400)')
def _():
    r = put('authsha', b'hello', payload=sha(b'other'))
    if r.status == 200: raise AssertionError('accepted 200')
    return str(want(r, (400, 403)))
@t('auth', 'UNSIGNED-PAYLOAD accepted')
def _(): return str(want(put('authun', payload=UNSIGNED), 200))
@t('auth', 'clock skew of 1 h refused (403 RequestTimeTooSkewed)')
def _(): return str(want(get('auth', when=datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)), 403))
@t('auth', 'wrong region in scope refused')
def _(): return str(want(get('auth', signer=Signer(region='eu-west-9')), (400, 403)))
@t('auth', 'wrong service in scope refused')
def _(): return str(want(get('auth', signer=Signer(service='ec2')), (400, 403)))
@t('auth', 'unsigned extra x-amz-meta header refused')
def _(): return str(want(put('authmeta', unsigned_headers={'x-amz-meta-evil': '1'}), 403))
@t('auth', 'header value with runs of spaces signs alike')
def _(): return str(want(put('authsp', headers={'x-amz-meta-sp': 'a    b  c'}), 200))
@t('auth', 'other user refused on private bucket (403)')
def _():
    assert AK2, 'no second user'
    return str(want(get('auth', signer=Signer(AK2, SK2)), 403))


# ---- presigned --------------------------------------------------------------
@t('presign', 'GET')
def _():
    put('ps', b'presigned')
    r = want(presigned('GET', 'ps'), 200); assert r.body == b'presigned'; return str(r)
@t('presign', 'GET bad signature refused (403)')
def _(): return str(want(presigned('GET', 'ps', tamper=True), 403))
@t('presign', 'GET wrong secret refused (403)')
def _(): return str(want(presigned('GET', 'ps', signer=Signer(sk='x' * 40)), 403))
@t('presign', 'GET expired refused (403)')
def _(): return str(want(presigned('GET', 'ps', expires=60, when=datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=90)), 403))
@t('presign', 'expiry over 7 days refused')
def _(): return str(want(presigned('GET', 'ps', expires=604801), (400, 403)))
@t('presign', 'method change GET->PUT refused')
def _():
    tg, h, _ = prepare('GET', f'/{BUCKET}/ps', sign='query'); return str(want(send('PUT', tg, h, b'x'), 403))
@t('presign', 'GET response-content-disposition/-type honoured')
def _():
    r = want(presigned('GET', 'ps', [('response-content-disposition', 'attachment; filename="a b.txt"'), ('response-content-type', 'text/x-y')]), 200)
    assert r.h['content-disposition'] == 'attachment; filename="a b.txt"', r.h.get('content-disposition')
    assert r.h['content-type'] == 'text/x-y', r.h['content-type']; return 'ok'
@t('presign', 'PUT')
def _(): return str(want(presigned('PUT', 'psput', body=b'x'), 200))
@t('presign', 'PUT with signed content-type')
def _():
    want(presigned('PUT', 'psct', headers={'content-type': 'image/png'}, body=b'x'), 200)
    r = get('psct'); assert r.h['content-type'] == 'image/png'; return 'ok'
@t('presign', 'PUT signed content-type mismatch refused (403)')
def _(): return str(want(presigned('PUT', 'psct2', headers={'content-type': 'image/png'}, send_headers={'content-type': 'text/html'}, body=b'x'), 403))
@t('presign', 'PUT with signed content-length')
def _(): return str(want(presigned('PUT', 'pscl', headers={'content-length': '5'}, body=b'12345'), 200))
@t('presign', 'PUT signed content-length mismatch refused (403)')
def _(): return str(want(presigned('PUT', 'pscl2', headers={'content-length': '5'}, send_headers={'content-length': '9'}, body=b'123456789'), 403))
@t('presign', 'PUT with signed content-md5: wrong body refused')
def _():
    want(presigned('PUT', 'psmd5', headers={'content-md5': md5b64(b'abc')}, body=b'abc'), 200)
    return str(want(presigned('PUT', 'psmd5', headers={'content-md5': md5b64(b'abc')}, body=b'abd'), 400))
@t('presign', 'PUT with signed x-amz-checksum-sha256: wrong body refused')
def _():
    h = {'x-amz-checksum-sha256': sha256b64(b'abc'), 'x-amz-sdk-checksum-algorithm': 'SHA256'}
    want(presigned('PUT', 'pssha', headers=h, body=b'abc'), 200)
    return str(want(presigned('PUT', 'pssha', headers=h, body=b'abd'), 400))
@t('presign', 'PUT with signed x-amz-meta-*')
def _():
    want(presigned('PUT', 'psmeta', headers={'x-amz-meta-a': 'b'}, body=b'abc'), 200)
    assert get('psmeta').h.get('x-amz-meta-a') == 'b'; return 'ok'
@t('presign', 'PUT with extra unsigned x-amz-meta-* refused (403)')
def _(): return str(want(presigned('PUT', 'psmeta2', send_headers={'x-amz-meta-a': 'b'}, body=b'abc'), 403))
@t('presign', 'PUT with signed If-None-Match:*')
def _():
    k = 'psinm' + RUN
    want(presigned('PUT', k, headers={'if-none-match': '*'}, body=b'1'), 200)
    return str(want(presigned('PUT', k, headers={'if-none-match': '*'}, body=b'2'), 412))
@t('presign', 'UploadPart')
def _():
    u = mp_create('psmp')
    r = want(presigned('PUT', 'psmp', {'partNumber': 1, 'uploadId': u}, body=b'part'), 200)
    want(mp_complete('psmp', u, [(1, r.h['etag'])]), 200)
    assert get('psmp').body == b'part'; return 'ok'
@t('presign', 'UploadPart signed content-length mismatch refused (403)')
def _():
    u = mp_create('psmp2')
    r = presigned('PUT', 'psmp2', {'partNumber': 1, 'uploadId': u}, headers={'content-length': '4'}, send_headers={'content-length': '6'}, body=b'parttt')
    mp_abort('psmp2', u); return str(want(r, 403))
@t('presign', 'HEAD and DELETE')
def _():
    put('pshd'); want(presigned('HEAD', 'pshd'), 200); return str(want(presigned('DELETE', 'pshd'), 204))
@t('presign', 'odd key (space + unicode %)')
def _():
    k = 'ps odd+ü%41/é'; want(presigned('PUT', k, body=b'odd'), 200)
    r = want(presigned('GET', k), 200); assert r.body == b'odd'; return 'ok'


# ---- POST policy ------------------------------------------------------------
def post_form(key, body, conditions, fields=None, tamper=False, order_file_last=True):
    now = datetime.datetime.now(datetime.timezone.utc); amz = now.strftime('%Y%m%dT%H%M%SZ'); day = amz[:8]
    cred = f'{AK}/{ME.scope(day)}'
    f = {'key': key, 'x-amz-algorithm': 'AWS4-HMAC-SHA256', 'x-amz-credential': cred, 'x-amz-date': amz, **(fields or {})}
    pol = {'expiration': (now + datetime.timedelta(minutes=5)).strftime('%Y-%m-%dT%H:%M:%S.000Z'),
           'conditions': [{'bucket': BUCKET}, {'x-amz-algorithm': 'AWS4-HMAC-SHA256'}, {'x-amz-credential': cred}, {'x-amz-date': amz}] + conditions}
    p = base64.b64encode(json.dumps(pol).encode()).decode()
    f['policy'] = p
    s = hmac.new(ME.key(day), p.encode(), hashlib.sha256).hexdigest()
    f['x-amz-signature'] = s[:-1] + ('0' if s[-1] != '0' else '1') if tamper else s
    b = 'bnd' + RUN
    out = b''.join(f'--{b}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in f.items())
    out += f'--{b}\r\nContent-Disposition: form-data; name="file"; filename="f.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + body + f'\r\n--{b}--\r\n'.encode()
    return send('POST', f'/{BUCKET}', {'host': urlsplit(EP).netloc, 'content-type': f'multipart/form-data; boundary={b}'}, out)
@t('post', 'POST policy with content-length-range')
def _():
    want(post_form('form1', b'12345', [{'key': 'form1'}, ['content-length-range', 1, 10]]), (200, 204))
    assert get('form1').body == b'12345'; return 'ok'
@t('post', 'too large refused (400 EntityTooLarge)')
def _(): return str(want(post_form('form2', b'x' * 11, [{'key': 'form2'}, ['content-length-range', 1, 10]]), 400, 'EntityTooLarge'))
@t('post', 'too small refused (400 EntityTooSmall)')
def _(): return str(want(post_form('form3', b'x', [{'key': 'form3'}, ['content-length-range', 5, 10]]), 400, 'EntityTooSmall'))
@t('post', 'bad policy signature refused (403)')
def _(): return str(want(post_form('form4', b'12345', [{'key': 'form4'}], tamper=True), 403))
@t('post', 'key outside starts-with refused (403)')
def _(): return str(want(post_form('form5', b'12345', [['starts-with', '$key', 'user/']]), 403))
@t('post', 'field not in policy refused (403)')
def _(): return str(want(post_form('form6', b'12345', [{'key': 'form6'}], {'x-amz-meta-z': '1'}), 403))
@t('post', 'success_action_status 201 gives XML')
def _():
    r = want(post_form('form7', b'12345', [{'key': 'form7'}, {'success_action_status': '201'}], {'success_action_status': '201'}), 201)
    assert b'<PostResponse' in r.body and b'<ETag>' in r.body, r.body[:200]; return 'ok'
