"""Which column of a file of sales is what: by the names that shops' and accountants' programs, in four languages, give
them."""

from collections.abc import Sequence
from typing import Final

from app.lists.files.columns import folded_name
from app.lists.files.headed_table import first_of_each

CLIENT, DATE, AMOUNT, PRODUCT, CURRENCY, REFERENCE = "client", "date", "amount", "product", "currency", "reference"
CHOICES: Final = (CLIENT, DATE, AMOUNT, PRODUCT, CURRENCY, REFERENCE)
"""What a column of a file can be; of several for one the first counts."""
NEEDED: Final = frozenset({CLIENT, DATE, AMOUNT})
"""What a sale cannot be without."""

_NAMED: Final[dict[str, str]] = {
    CLIENT: "client clientid clientnumber customer customerid customernumber customerphone clientphone number phone "
    "phonenumber telephone tel mobile card cardnumber loyaltycard buyer account contact "
    "numero numeroclient numerodeclient telephoneclient telephonedeclient acheteur carte cartefidelite numerodecarte "
    "cliente idcliente numerodecliente telefono movil comprador tarjeta numerodetarjeta "
    "клиент покупатель заказчик номер номерклиента номертелефона телефон телефонклиента карта номеркарты контрагент",
    DATE: "date day saledate orderdate invoicedate paymentdate soldat paidat purchasedate createdat timestamp when "
    "jour datedevente datedefacture datedecommande datedachat datedepaiement "
    "fecha dia fechadeventa fechadefactura fechadepedido fechadecompra fechadepago "
    "дата день датапродажи датаоплаты датазаказа датапокупки датачека датадокумента",
    AMOUNT: "amount total sum price revenue value turnover paid saleamount ordertotal invoicetotal totalamount grandtotal "
    "montant somme prix total totalttc montantttc chiffredaffaires ca "
    "importe suma precio valor ventas importetotal "
    "сумма итого стоимость цена выручка оплата оплачено суммапродажи суммаоплаты суммачека",
    PRODUCT: "product productname item itemname goods service article sku description title "
    "produit nomduproduit libelle prestation designation "
    "producto nombredelproducto articulo servicio descripcion "
    "товар продукт услуга наименование номенклатура названиетовара артикул",
    CURRENCY: "currency currencycode iso4217 devise monnaie moneda divisa валюта кодвалюты",
    REFERENCE: "reference ref invoice invoicenumber receipt receiptnumber order orderid ordernumber transaction "
    "transactionid document facture numerodefacture commande numerodecommande ticket recu "
    "factura numerodefactura pedido numerodepedido recibo "
    "чек номерчека заказ номерзаказа счет счёт номерсчета документ номердокумента",
}  # fmt: skip
_FIELDS: Final = {folded_name(name): field for field, names in _NAMED.items() for name in names.split()}


def recognised(cells: Sequence[str]) -> tuple[str | None, ...] | None:
    """What each column is by the names in a header; None when these are no header, because what a sale needs is not
    named."""
    fields = first_of_each([_FIELDS.get(folded_name(cell)) for cell in cells])
    return fields if set(fields) >= NEEDED else None
