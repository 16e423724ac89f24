# Makes a certificate authority of the test's own and a certificate for the loopback names.
# Sourced by bash after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in lib.sh

# Writes ca.pem, server.pem and server.key to $state/tls, unless they are there for a day more.
make_certificates() {
    local folder=$state/tls
    need openssl
    mkdir -p "$folder"
    if openssl x509 -checkend 86400 -noout -in "$folder/server.pem" >/dev/null 2>&1; then
        return 0
    fi
    cat >"$folder/server.ext" <<-EXTENSIONS
	basicConstraints = critical, CA:FALSE
	keyUsage = critical, digitalSignature
	extendedKeyUsage = serverAuth
	subjectAltName = DNS:localhost, DNS:*.localhost, DNS:s3.localhost, DNS:*.s3.localhost, IP:127.0.0.1, IP:::1
	EXTENSIONS
    local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    quietly openssl req -x509 "${key[@]}" -days 700 -subj "/CN=Loopback test CA" \
        -keyout "$folder/ca.key" -out "$folder/ca.pem" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    quietly openssl req "${key[@]}" -subj "/CN=localhost" \
        -keyout "$folder/server.key" -out "$folder/server.csr"
    quietly openssl x509 -req -in "$folder/server.csr" -days 699 -out "$folder/server.pem" \
        -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
        -extfile "$folder/server.ext"
    chmod 600 "$folder/ca.key" "$folder/server.key"
}
