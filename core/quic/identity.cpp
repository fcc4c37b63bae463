#include "core/quic/identity.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <string>

#include "core/quic/openssl_handles.hpp"

namespace midstream::quic {
namespace {

constexpr long kBackdate = 60;  // clocks differ
constexpr long kLifetime = 30L * 24 * 3600;

bool take_fingerprint(X509* certificate, Fingerprint& out) {
  unsigned int size = 0;
  return X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(out.data()),
                     &size) == 1 &&
         size == out.size();
}

bool name_certificate(X509* certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0) != 1) return false;
  if (X509_set_issuer_name(certificate, subject) != 1) return false;
  const std::string alternatives = "DNS:" + name + ",IP:127.0.0.1,IP:::1";
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_random_serial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

BioPtr memory_bio(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

const Fingerprint& Identity::fingerprint() const { return native_->fingerprint; }

std::string Identity::certificate_pem() const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), native_->certificate.get());
  return text_of(out.get());
}

std::string Identity::key_pem() const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), native_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(out.get());
}

Result<Identity> Identity::self_signed(std::string_view name) {
  auto native = std::make_shared<Native>();
  native->key.reset(EVP_EC_gen("P-256"));
  native->certificate.reset(X509_new());
  X509* certificate = native->certificate.get();
  if (native->key == nullptr || certificate == nullptr ||
      X509_set_version(certificate, X509_VERSION_3) != 1 || !set_random_serial(certificate) ||
      X509_gmtime_adj(X509_getm_notBefore(certificate), -kBackdate) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(certificate), kLifetime) == nullptr ||
      X509_set_pubkey(certificate, native->key.get()) != 1 ||
      !name_certificate(certificate, std::string(name)) ||
      X509_sign(certificate, native->key.get(), EVP_sha256()) == 0 ||
      !take_fingerprint(certificate, native->fingerprint)) {
    return openssl_error(ErrorCode::kInternal, "cannot make a self-signed certificate");
  }
  return Identity(std::move(native));
}

Result<Identity> Identity::from_pem(std::string_view certificate_pem, std::string_view key_pem) {
  auto native = std::make_shared<Native>();
  const BioPtr certificates = memory_bio(certificate_pem);
  native->certificate.reset(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
  if (native->certificate == nullptr) {
    return openssl_error(ErrorCode::kParse, "no certificate in the PEM text");
  }
  while (X509* issuer = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    native->chain.emplace_back(issuer);
  }
  ERR_clear_error();  // the end of the text is an error to PEM_read_bio
  const BioPtr key = memory_bio(key_pem);
  native->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  if (native->key == nullptr) {
    return openssl_error(ErrorCode::kParse, "no private key in the PEM text");
  }
  if (X509_check_private_key(native->certificate.get(), native->key.get()) != 1) {
    return openssl_error(ErrorCode::kInvalidArgument, "the key is not the certificate's");
  }
  if (!take_fingerprint(native->certificate.get(), native->fingerprint)) {
    return openssl_error(ErrorCode::kInternal, "cannot hash the certificate");
  }
  return Identity(std::move(native));
}

}  // namespace midstream::quic
