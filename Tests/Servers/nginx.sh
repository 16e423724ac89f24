#!/usr/bin/env bash
# nginx as a very fast stand-in for S3, for measurements: it checks nothing at all.
# Usage: nginx.sh install|start|stop|status|env
#
#   GET  /files/SIZE                    zeros; 1k 64k 1m 16m 128m 256m 1g 10g are there
#   PUT  /sink/KEY                      reads the body and drops it
#   PUT  /BUCKET/KEY                    keeps the body in a file, which GET and HEAD then serve
#
# Every other request of S3 gets the right kind of answer, the same each time; s3.lua has the
# buckets that answer with faults. NGINX_WORKERS is the number of processes, one a core by default.
name=nginx
prefix=NGINX
port_base=18060
port_count=2
data="data tmp nginx.conf"
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=debian.sh
. "$folder/debian.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"

install_server() {
    need openssl
    unpack_packages bookworm nginx libnginx-mod-http-lua
}

is_running() {
    answers_http "http://$host:$(port 0)/files" && is_port_open "$(port 1)"
}

print_variables() {
    variable ENDPOINT "http://$host:$(port 0)"
    variable TLS_ENDPOINT "https://$host:$(port 1)"
    variable CA_FILE "$state/tls/ca.pem"
    variable REGION "$region"
    variable ACCESS_KEY_ID "$access_key"
    variable SECRET_ACCESS_KEY "$secret_key"
    variable BUCKET sink
}

write_nginx_conf() {
    local connections user=""
    connections=$(ulimit -n)
    if [ "$connections" = unlimited ] || [ "$connections" -gt 8192 ]; then connections=8192; fi
    [ "$(id -u)" -ne 0 ] || user="user root;"
    cat <<-CONF
	load_module $tree/usr/lib/nginx/modules/ndk_http_module.so;
	load_module $tree/usr/lib/nginx/modules/ngx_http_lua_module.so;
	$user
	daemon off;
	worker_processes ${NGINX_WORKERS:-auto};
	pid $state/tmp/nginx.pid;
	error_log $state/log/nginx warn;
	events { worker_connections $connections; multi_accept on; }
	http {
	    access_log off;
	    default_type binary/octet-stream;
	    client_max_body_size 0;
	    client_body_buffer_size 1m;
	    client_body_temp_path $state/tmp/body;
	    proxy_temp_path $state/tmp/proxy;
	    fastcgi_temp_path $state/tmp/fastcgi;
	    uwsgi_temp_path $state/tmp/uwsgi;
	    scgi_temp_path $state/tmp/scgi;
	    sendfile on;
	    sendfile_max_chunk 2m;
	    tcp_nopush on;
	    tcp_nodelay on;
	    merge_slashes off;
	    keepalive_requests 100000000;
	    keepalive_timeout 300s;
	    open_file_cache max=1000 inactive=60s;
	    lua_package_path "$here/?.lua;$tree/usr/share/lua/5.1/?.lua;;";
	    lua_package_cpath "$(echo "$tree"/usr/lib/*-linux-gnu)/lua/5.1/?.so;;";
	    lua_socket_buffer_size 256k;
	    lua_shared_dict counts 1m;
	    init_by_lua_block { require "s3" }
	    # 0: the plain read of an object, which nginx answers by itself.
	    map "\$request_method:\$args" \$is_special {
	        default 1;
	        "~^(GET|HEAD):(.*&)?(list-type|uploads|uploadId|location|versioning|tagging|acl|delimiter|prefix|marker|max-keys)(=|&|\$)" 1;
	        "~^(GET|HEAD):" 0;
	    }
	    server {
	        listen $host:$(port 0) reuseport backlog=1024;
	        listen $host:$(port 1) ssl reuseport backlog=1024;
	        ssl_certificate $state/tls/server.pem;
	        ssl_certificate_key $state/tls/server.key;
	        ssl_protocols TLSv1.2 TLSv1.3;
	        ssl_session_cache shared:tls:4m;
	        root $state/data;
	        add_header x-amz-request-id \$request_id always;
	        error_page 418 = @s3;
	        error_page 404 403 = @missing;
	        location ~ ^/[^/]*/?\$ { content_by_lua_block { require("s3").answer() } }
	        location ~ ^/(slowdown|error500|[a-z]+-[0-9]+)/ {
	            if (\$is_special) { return 418; }
	            rewrite_by_lua_block { require("s3").read_with_fault() }
	        }
	        location / { if (\$is_special) { return 418; } }
	        location @s3 { content_by_lua_block { require("s3").answer() } }
	        location @missing { content_by_lua_block { require("s3").refuse(404, "NoSuchKey") } }
	    }
	}
	CONF
}

start_server() {
    local size
    make_certificates
    mkdir -p "$state"/data/{files,sink} "$state/tmp"
    for size in 1k 64k 1m 16m 128m 256m 1g 10g; do
        truncate --size "${size^^}" "$state/data/files/$size"
    done
    write_nginx_conf >"$state/nginx.conf"
    local arguments=(-e "$state/log/nginx" -p "$state/" -c "$state/nginx.conf")
    quietly in_tree nginx -t -q "${arguments[@]}"
    spawn nginx "$here/run-in-tree.sh" "$tree" nginx "${arguments[@]}"
    wait_until 120 nginx is_running
}

main "$@"
