# Writes the configuration of Swift's servers to $state/etc. Sourced by bash after lib.sh.
# Ports: 0 S3, 1 S3 over TLS, 2 accounts, 3 containers, 4 objects, 5 memcached.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in lib.sh

# default_section port
default_section() {
    cat <<-CONF
	[DEFAULT]
	bind_ip = $host
	bind_port = $1
	swift_dir = $state/etc
	devices = $state/data
	mount_check = false
	disable_fallocate = true
	user = $(id -un)
	workers = 0
	log_address = /nonexistent
	log_level = INFO
	CONF
}

proxy_sections() {
    cat <<-CONF
	[pipeline:main]
	pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-logging proxy-server
	[app:proxy-server]
	use = egg:swift#proxy
	allow_account_management = true
	account_autocreate = true
	[filter:cache]
	use = egg:swift#memcache
	memcache_servers = $host:$(port 5)
	[filter:s3api]
	use = egg:swift#s3api
	location = $region
	storage_domain = s3.localhost
	s3_acl = true
	dns_compliant_bucket_names = true
	allow_multipart_uploads = true
	min_segment_size = 5242880
	[filter:tempauth]
	use = egg:swift#tempauth
	user_test_tester = $secret_key .admin
	user_other_tester = $other_secret_key .admin
	[filter:versioned_writes]
	use = egg:swift#versioned_writes
	allow_versioned_writes = true
	allow_object_versioning = true
	[filter:proxy-logging]
	use = egg:swift#proxy_logging
	CONF
    local filter
    for filter in catch_errors gatekeeper healthcheck listing_formats bulk copy slo dlo symlink; do
        printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter"
    done
}

write_swift_conf() {
    local server offset=2
    cat >"$state/etc/swift.conf" <<-CONF
	[swift-hash]
	swift_hash_path_prefix = test
	swift_hash_path_suffix = test
	[storage-policy:0]
	name = one
	default = yes
	CONF
    for server in account container object; do
        {
            default_section "$(port $offset)"
            printf '[pipeline:main]\npipeline = %s-server\n' "$server"
            printf '[app:%s-server]\nuse = egg:swift#%s\n' "$server" "$server"
        } >"$state/etc/$server.conf"
        offset=$((offset + 1))
    done
    {
        default_section "$(port 0)"
        proxy_sections
    } >"$state/etc/proxy.conf"
    {
        default_section "$(port 1)"
        printf 'cert_file = %s/tls/server.pem\nkey_file = %s/tls/server.key\n' "$state" "$state"
        proxy_sections
    } >"$state/etc/proxy-tls.conf"
}
