"""Tags, versions, encryption, buckets, hosts, and what else a bucket may have."""

from probe.wire import *


# ---- tagging, versioning, encryption, buckets -----------------------------
@t('tag', 'put/get/delete object tagging; x-amz-tagging on PUT; count on GET')
def _():
    s = boto(); put('tg', b'x', {'x-amz-tagging': 'a=1&b=x%20y'}); assert {d['Key']: d['Value'] for d in s.get_object_tagging(Bucket=BUCKET, Key='tg')['TagSet']} == {'a': '1', 'b': 'x y'}
    s.put_object_tagging(Bucket=BUCKET, Key='tg', Tagging={'TagSet': [{'Key': 'ü', 'Value': 'é 日'}]}); assert s.get_object_tagging(Bucket=BUCKET, Key='tg')['TagSet'] == [{'Key': 'ü', 'Value': 'é 日'}]
    c = get('tg').h.get('x-amz-tagging-count'); s.delete_object_tagging(Bucket=BUCKET, Key='tg'); assert s.get_object_tagging(Bucket=BUCKET, Key='tg')['TagSet'] == []; return f'ok, x-amz-tagging-count {c}'
@t('tag', '11 tags refused (400)')
def _(): return fails(lambda: boto().put_object_tagging(Bucket=BUCKET, Key='tg', Tagging={'TagSet': [{'Key': str(i), 'Value': ''} for i in range(11)]}), '400', 'BadRequest', 'InvalidTag')
@t('version', 'enable, two versions, delete marker, get/delete by version')
def _():
    s = boto(); b = BUCKET + '-v'
    s.create_bucket(Bucket=b); s.put_bucket_versioning(Bucket=b, VersioningConfiguration={'Status': 'Enabled'})
    v1 = s.put_object(Bucket=b, Key='k', Body=b'1').get('VersionId'); v2 = s.put_object(Bucket=b, Key='k', Body=b'2').get('VersionId'); assert v1 and v2 and v1 != v2, (v1, v2)
    d = s.delete_object(Bucket=b, Key='k'); assert d.get('DeleteMarker') and d.get('VersionId'), d
    r = want(get('k', bucket=b), 404); mark = r.h.get('x-amz-delete-marker')
    assert s.get_object(Bucket=b, Key='k', VersionId=v1)['Body'].read() == b'1'
    l = s.list_object_versions(Bucket=b); assert len(l['Versions']) == 2 and len(l['DeleteMarkers']) == 1, l
    s.delete_object(Bucket=b, Key='k', VersionId=d['VersionId']); assert s.get_object(Bucket=b, Key='k')['Body'].read() == b'2'
    for v in (v1, v2): s.delete_object(Bucket=b, Key='k', VersionId=v)
    s.delete_bucket(Bucket=b); return f'x-amz-delete-marker header on the 404: {mark}'
def ssec(key): return {'x-amz-server-side-encryption-customer-algorithm': 'AES256', 'x-amz-server-side-encryption-customer-key': base64.b64encode(key).decode(), 'x-amz-server-side-encryption-customer-key-MD5': md5b64(key)}
K1, K2 = b'1' * 32, b'2' * 32
@t('sse', 'SSE-C over TLS: PUT/GET/range')
def _():
    assert TLS, 'no TLS endpoint'
    want(put('sse', b'secret data', ssec(K1), endpoint=TLS), 200); r = want(get('sse', headers=ssec(K1), endpoint=TLS), 200); assert r.body == b'secret data'; r = want(get('sse', headers={**ssec(K1), 'range': 'bytes=2-4'}, endpoint=TLS), 206); assert r.body == b'cre'; return 'ok'
@t('sse', 'SSE-C: GET without key 400, wrong key 403')
def _():
    assert TLS, 'no TLS endpoint'
    a = want(get('sse', endpoint=TLS), 400); return f'{a}; {want(get("sse", headers=ssec(K2), endpoint=TLS), (400, 403))}'
@t('sse', 'SSE-C over plain HTTP refused (400)')
def _(): return str(want(put('sse2', b'x', ssec(K1)), 400))
@t('sse', 'SSE-C multipart (TLS)')
def _():
    assert TLS, 'no TLS endpoint'
    r = want(req('POST', f'/{BUCKET}/ssemp', {'uploads': ''}, ssec(K1), endpoint=TLS), 200); u = xml_find(r.body, 'UploadId')
    e = want(req('PUT', f'/{BUCKET}/ssemp', {'partNumber': 1, 'uploadId': u}, ssec(K1), b'part', endpoint=TLS), 200).h['etag']; r = mp_complete('ssemp', u, [(1, e)], ssec(K1), endpoint=TLS); want(r, 200); assert get('ssemp', headers=ssec(K1), endpoint=TLS).body == b'part'; return 'ok'
@t('sse', 'SSE-C source of a copy (TLS)')
def _():
    assert TLS, 'no TLS endpoint'
    src = {k.replace('x-amz-', 'x-amz-copy-source-'): v for k, v in ssec(K1).items()}
    want(req('PUT', f'/{BUCKET}/ssecp', (), {'x-amz-copy-source': f'/{BUCKET}/sse', **src}, endpoint=TLS), 200); b = get('ssecp').body; assert b == b'secret data', b; return 'ok'
@t('sse', 'SSE-S3 (AES256) header')
def _(): r = put('sses3', b'x', {'x-amz-server-side-encryption': 'AES256'}); assert r.status == 200 and r.h.get('x-amz-server-side-encryption') == 'AES256', f"{r} header {r.h.get('x-amz-server-side-encryption')}"; return 'ok'
@t('sse', 'SSE-KMS over TLS with key id testkey-1')
def _():
    assert TLS, 'no TLS endpoint'
    r = want(put('ssekms', b'kms', {'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': 'testkey-1'}, endpoint=TLS), 200); g = want(get('ssekms', endpoint=TLS), 200); assert g.body == b'kms' and g.h.get('x-amz-server-side-encryption') == 'aws:kms', g.h.get('x-amz-server-side-encryption'); return str(g.h.get('x-amz-server-side-encryption-aws-kms-key-id'))
@t('bucket', 'HEAD: own 200, missing 404, other user 403')
def _():
    a = want(req('HEAD', f'/{BUCKET}'), 200); want(req('HEAD', f'/{BUCKET}-none'), 404); s = f"x-amz-bucket-region {a.h.get('x-amz-bucket-region')}"
    if AK2: want(req('HEAD', f'/{BUCKET}', signer=Signer(AK2, SK2)), 403)
    return s
@t('bucket', 'create: invalid name 400, duplicate')
def _():
    a = want(req('PUT', '/Bad_Name!'), 400); return f"invalid {a}; duplicate own {req('PUT', f'/{BUCKET}')}; of another user {req('PUT', f'/{BUCKET}', signer=Signer(AK2, SK2)) if AK2 else '-'}"
@t('bucket', 'delete non-empty refused (409 BucketNotEmpty)')
def _(): return str(want(req('DELETE', f'/{BUCKET}'), 409))
@t('bucket', 'missing bucket: 404 NoSuchBucket')
def _(): return str(want(get('x', bucket=BUCKET + '-none'), 404, 'NoSuchBucket'))
@t('bucket', 'GetBucketLocation, ListBuckets')
def _(): r = want(req('GET', f'/{BUCKET}', {'location': ''}), 200); l = want(req('GET', '/'), 200); assert BUCKET.encode() in l.body; return r.body.decode()[-120:]
@t('bucket', 'bucket policy Deny enforced')
def _():
    s = boto(); b = BUCKET + '-p'; s.create_bucket(Bucket=b); s.put_bucket_policy(Bucket=b, Policy=json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': f'arn:aws:s3:::{b}/pub/*'}]}))
    put('pub/x', b'pub', bucket=b); put('priv/x', b'priv', bucket=b); want(get('pub/x', bucket=b, sign=None), 200); r = want(get('priv/x', bucket=b, sign=None), 403); boto().delete_objects(Bucket=b, Delete={'Objects': [{'Key': 'pub/x'}, {'Key': 'priv/x'}]}); s.delete_bucket(Bucket=b); return str(r)
@t('bucket', 'lifecycle configuration put/get')
def _(): s = boto(); s.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={'Rules': [{'ID': 'x', 'Status': 'Enabled', 'Filter': {'Prefix': 'tmp/'}, 'Expiration': {'Days': 1}, 'AbortIncompleteMultipartUpload': {'DaysAfterInitiation': 1}}]}); return str(len(s.get_bucket_lifecycle_configuration(Bucket=BUCKET)['Rules'])) + ' rule'
@t('bucket', 'object lock / legal hold')
def _():
    s = boto(); b = BUCKET + '-l'; s.create_bucket(Bucket=b, ObjectLockEnabledForBucket=True); v = s.put_object(Bucket=b, Key='k', Body=b'1')['VersionId']; s.put_object_legal_hold(Bucket=b, Key='k', LegalHold={'Status': 'ON'}); e = fails(lambda: s.delete_object(Bucket=b, Key='k', VersionId=v), 'AccessDenied', '403'); s.put_object_legal_hold(Bucket=b, Key='k', LegalHold={'Status': 'OFF'}); s.delete_object(Bucket=b, Key='k', VersionId=v); return e
@t('vhost', 'virtual-hosted GET/PUT/list (Host: bucket.<name>)')
def _():
    assert VH, 'no virtual-host endpoint'
    u = urlsplit(VH); h = f'{BUCKET}.{u.netloc}'; want(req('PUT', '/vh key', host=h, body=b'vh', endpoint=VH), 200); r = want(req('GET', '/vh key', host=h, endpoint=VH), 200); assert r.body == b'vh' and get('vh key').body == b'vh'; r = want(req('GET', '/', {'list-type': 2, 'prefix': 'vh'}, host=h, endpoint=VH), 200); assert b'vh key' in r.body; return h
@t('vhost', 'virtual-hosted over TLS')
def _():
    u = E.get(P + 'TLS_VHOST_ENDPOINT'); assert u and TLS, 'no such endpoint'
    p = urlsplit(u); h = f'{BUCKET}.{p.netloc}'; r = want(req('GET', '/vh key', host=h, endpoint=f'https://{BUCKET}.{p.netloc}'), 200); assert r.body == b'vh'; return h
@t('cors', 'preflight allowed / refused')
def _():
    s = boto(); s.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={'CORSRules': [{'AllowedOrigins': ['https://ok.example'], 'AllowedMethods': ['PUT', 'GET'], 'AllowedHeaders': ['*'], 'ExposeHeaders': ['ETag'], 'MaxAgeSeconds': 60}]})
    f = lambda o: send('OPTIONS', f'/{BUCKET}/x', {'host': urlsplit(EP).netloc, 'origin': o, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type'})
    a, b = f('https://ok.example'), f('https://bad.example'); want(a, 200); assert a.h.get('access-control-allow-origin') in ('https://ok.example', '*'), dict(a.h); g = get('rg', headers={'origin': 'https://ok.example'}); s2 = f"allowed {a}, other origin {b}, expose on GET {g.h.get('access-control-expose-headers')}"; s.delete_bucket_cors(Bucket=BUCKET); assert b.status == 403, s2; return s2
@t('notify', 'bucket notification reaches an HTTP endpoint')
def _():
    got = []
    class H(http.server.BaseHTTPRequestHandler):
        def do_POST(self): got.append(self.rfile.read(int(self.headers.get('content-length', 0)))); self.send_response(200); self.send_header('content-length', '0'); self.end_headers()
        def log_message(self, *a): pass
    sv = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H); threading.Thread(target=sv.serve_forever, daemon=True).start()
    try:
        sns = boto('sns', endpoint=SNS or EP); arn = sns.create_topic(Name='t' + RUN, Attributes={'push-endpoint': f'http://127.0.0.1:{sv.server_port}'})['TopicArn']
        boto().put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={'TopicConfigurations': [{'Id': 'n1', 'TopicArn': arn, 'Events': ['s3:ObjectCreated:*', 's3:ObjectRemoved:*']}]})
        put('ev ent+ü', b'x'); req('DELETE', f'/{BUCKET}/ev ent+ü'); end = time.time() + 8
        while time.time() < end and len(got) < 2: time.sleep(.1)
        assert got, 'nothing arrived'; r = json.loads(got[0]); r = (r.get('Records') or [r])[0]; return f"{len(got)} events, {r.get('eventName')} key {r.get('s3', {}).get('object', {}).get('key')!r}"
    finally:
        if req('PUT', f'/{BUCKET}', {'notification': ''}, {}, b'<NotificationConfiguration/>').status != 200: req('DELETE', f'/{BUCKET}', {'notification': ''})
        sv.shutdown(); sv.server_close()
@t('sts', 'AssumeRole: temporary keys work, within their policy; bad token refused')
def _():
    assert STS, 'no STS endpoint'
    iam, sts = boto('iam', STS), boto('sts', STS); name = 'role' + RUN
    dumps = lambda o: json.dumps(o, separators=(',', ':'))   # radosgw does not read '+' in a form as a space
    pol = dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': ['arn:aws:iam:::user/test']}, 'Action': ['sts:AssumeRole']}]})
    try: arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=pol)['Role']['Arn']
    except Exception: arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=pol.replace('"arn:aws:iam:::user/test"', '"*"'))['Role']['Arn']
    iam.put_role_policy(RoleName=name, PolicyName='p', PolicyDocument=dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': ['s3:GetObject'], 'Resource': [f'arn:aws:s3:::{BUCKET}/*']}]}))
    c = sts.assume_role(RoleArn=arn, RoleSessionName='s1', DurationSeconds=900)['Credentials']; sg = Signer(c['AccessKeyId'], c['SecretAccessKey'], c['SessionToken'])
    a = want(get('rg', signer=sg, endpoint=STS), 200); p = want(presigned('GET', 'rg', signer=sg, endpoint=STS), 200)
    # one character in the middle; the last one may only hold padding bits
    m = len(c['SessionToken']) // 2; bad = c['SessionToken'][:m] + ('A' if c['SessionToken'][m] != 'A' else 'B') + c['SessionToken'][m + 1:]
    r = get('rg', signer=Signer(c['AccessKeyId'], c['SecretAccessKey'], bad), endpoint=STS); d = put('sts-denied', signer=sg, endpoint=STS); s = f'get {a}, presigned {p}, bad token {r}, PUT outside policy {d}'; assert r.status in (400, 403) and d.status == 403, s; return s


# ---- speed ------------------------------------------------------------------
@t('speed', 'PUT+GET of 1 KiB, one connection')
def _():
    c = conn(EP); n = 200; b = b'k' * 1024; t0 = time.time()
    for i in range(n): tg, h, _ = prepare('PUT', f'/{BUCKET}/sp{i}', body=b); c.request('PUT', tg, body=b, headers=h); r = c.getresponse(); r.read(); assert r.status == 200, r.status
    t1 = time.time()
    for i in range(n): tg, h, _ = prepare('GET', f'/{BUCKET}/sp{i}'); c.request('GET', tg, headers=h); c.getresponse().read()
    return f'PUT {(t1-t0)/n*1000:.1f} ms, GET {(time.time()-t1)/n*1000:.1f} ms'
@t('speed', 'PUT+GET of 64 MiB, UNSIGNED-PAYLOAD')
def _():
    b = b'k' * (64 << 20); t0 = time.time(); want(put('sp64', b, payload=UNSIGNED), 200); t1 = time.time(); assert len(get('sp64').body) == len(b); return f'PUT {64/(t1-t0):.0f} MiB/s, GET {64/(time.time()-t1):.0f} MiB/s'
