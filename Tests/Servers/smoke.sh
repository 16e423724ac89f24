#!/usr/bin/env bash
# Asks a server that runs a few things with curl, to see that it judges what it is there for.
# Usage: smoke.sh ceph|ceph16|swift|localstack|moto|nginx
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
name=${1?usage: smoke.sh server}
variables=$("$here/server.sh" "$name" env)
eval "$variables"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
checks=0
failures=0

# value suffix: the server's variable with that suffix, or nothing.
value() {
    local variable=BLOB_STORAGE_TEST_${name^^}_$1
    echo "${!variable-}"
}

# The credentials that requests are signed with, and headers that go with them.
key=$(value ACCESS_KEY_ID)
secret=$(value SECRET_ACCESS_KEY)
headers=()

encoded() {
    local text=$1
    text=${text//%/%25}
    text=${text//:/%3A}
    text=${text//\//%2F}
    text=${text//+/%2B}
    text=${text//=/%3D}
    echo "$text"
}

# call service url [argument of curl...]: the credentials are in the URL, since curl's --user would
# cut a key such as test:tester.
call() {
    local service=$1 url=$2
    shift 2
    curl --silent --noproxy '*' --max-time 20 --cacert "$(value CA_FILE)" \
        --aws-sigv4 "aws:amz:$(value REGION):$service" "$@" \
        "${url/:\/\//:\/\/$(encoded "$key"):$(encoded "$secret")@}" || true
}

# check what status text url [argument of curl...]: the status is this, the answer holds the text.
check() {
    local what=$1 status=$2 text=$3 url=$4 found answer
    shift 4
    : >"$folder/answer"
    # Older versions of curl send no hash of the body by themselves.
    found=$(call s3 "$url" --output "$folder/answer" --write-out '%{http_code}' \
        --header "x-amz-content-sha256: UNSIGNED-PAYLOAD" "${headers[@]}" "$@")
    answer=$(tr -d '\0' <"$folder/answer")
    checks=$((checks + 1))
    if [ "$found" = "$status" ] && [[ $answer == *"$text"* ]]; then
        echo "$name: ok: $what ($status)"
    else
        failures=$((failures + 1))
        echo "$name: FAILED: $what: got $found, not $status with \"$text\": ${answer:0:300}"
    fi
}

# element name: the text of an element in the answer about a role.
element() {
    sed "s:.*<$1>\(.*\)</$1>.*:\1:" "$folder/role"
}

bucket=smoke$$
path=$(value ENDPOINT)/$bucket
kept="what is stored"
echo "$kept" >"$folder/body"
listed="<Key>a/b</Key>"
# nginx only imitates a listing.
[ "$name" != nginx ] || listed="<ListBucketResult"

check "creates a bucket" 200 "" "$path" --request PUT
check "puts a blob" 200 "" "$path/a/b" --upload-file "$folder/body"
check "gets it" 200 "$kept" "$path/a/b"
check "lists it" 200 "$listed" "$path?list-type=2"
check "gets it over TLS" 200 "$kept" "$(value TLS_ENDPOINT)/$bucket/a/b"
if [ -n "$(value VHOST_ENDPOINT)" ]; then
    plain=$(value VHOST_ENDPOINT)
    tls=$(value TLS_VHOST_ENDPOINT)
    check "gets it from a virtual host" 200 "$kept" "${plain/s3./$bucket.s3.}/a/b"
    check "gets it from a virtual host over TLS" 200 "$kept" "${tls/s3./$bucket.s3.}/a/b"
fi

secret=$(value SECRET_ACCESS_KEY)x
case $name in
localstack | nginx) check "accepts a wrong secret, as is known of it" 200 "$kept" "$path/a/b" ;;
*) check "refuses a wrong secret" 403 SignatureDoesNotMatch "$path/a/b" ;;
esac
# What an unknown key and the second user are told; buckets of Swift belong to an account.
case $name in
ceph | ceph16) unknown=InvalidAccessKeyId other="403 AccessDenied" ;;
swift) unknown=SignatureDoesNotMatch other="404 NoSuchBucket" ;;
*) unknown="" ;;
esac
if [ -n "$unknown" ]; then
    key=UNKNOWNKEY
    check "refuses an unknown key" 403 "$unknown" "$path/a/b"
    key=$(value OTHER_ACCESS_KEY_ID)
    secret=$(value OTHER_SECRET_ACCESS_KEY)
    check "refuses the other user" "${other% *}" "${other#* }" "$path/a/b"
fi
key=$(value ACCESS_KEY_ID)
secret=$(value SECRET_ACCESS_KEY)

if [ -n "$(value STS_ROLE_ARN)" ]; then
    # Ceph wants the type of the body among the signed headers, where curl puts only those given.
    call sts "$(value STS_ENDPOINT)/" --output "$folder/role" \
        --header "content-type: application/x-www-form-urlencoded" \
        --data "Action=AssumeRole&RoleArn=$(value STS_ROLE_ARN)&RoleSessionName=smoke"
    key=$(element AccessKeyId)
    secret=$(element SecretAccessKey)
    headers=(--header "x-amz-security-token: $(element SessionToken)")
    check "gets it with the credentials of a role" 200 "$kept" "$(value STS_ENDPOINT)/$bucket/a/b"
    key=$(value ACCESS_KEY_ID)
    secret=$(value SECRET_ACCESS_KEY)
    headers=()
fi

check "deletes the blob" 204 "" "$path/a/b" --request DELETE
check "deletes the bucket" 204 "" "$path" --request DELETE
echo "$name: $((checks - failures)) of $checks checks passed"
[ "$failures" -eq 0 ]
